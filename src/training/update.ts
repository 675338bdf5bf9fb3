/**
 * One update of the weights: forward, loss and backward as one graph run, then global-norm clipping and AdamW in place.
 */
import type { Backend, DeviceTensor, Session } from '../backends/backend';
import { writeOnnx } from '../graph/onnx-file';
import type { BatchShape } from '../policy/inputs';
import { trainableSpecs } from '../policy/lora';
import type { Architecture } from '../policy/parameters';
import type { PromptBatch } from '../policy/prompts';
import type { Weights } from '../policy/weights';
import {
  type Objective,
  OBJECTIVE_SCALARS,
  OBJECTIVE_STATISTICS,
  type ObjectiveScalar,
  trainingModel,
} from './objective';
import type { AdamW } from './optimizer';

/** What the loss is computed from, beside weights and prompts; see objective.ts. Rows N*G, columns C. */
export interface UpdateBatch {
  readonly completion_tokens: DeviceTensor;
  readonly token_weights: DeviceTensor;
  readonly advantages: DeviceTensor;
  readonly old_log_probabilities: DeviceTensor;
  readonly reference_log_probabilities: DeviceTensor;
}

/** Values of all scalars; the graph takes those that it uses. */
export type ObjectiveSettings = Readonly<Record<ObjectiveScalar, number>>;

/** What an update measured. */
export interface UpdateResult {
  readonly loss: number;
  /** Norm of all gradients before clipping. */
  readonly gradNorm: number;
  readonly statistics: Readonly<Record<(typeof OBJECTIVE_STATISTICS)[number], number>>;
}

/** A tensor for the gradient of each weight that is trained. */
export function allocateGradients(backend: Backend, architecture: Architecture): Weights {
  return Object.fromEntries(
    trainableSpecs(architecture).map(({ name, shape }) => [
      name,
      backend.allocate(`gradient of ${name}`, 'float32', shape),
    ]),
  );
}

export class Updater {
  /** By weight name; overwritten by every update. */
  readonly gradients: Weights;
  private readonly backend: Backend;
  private readonly session: Session;
  private readonly loss: DeviceTensor;
  private readonly statistics: DeviceTensor;
  /** Those that the graph takes. */
  private readonly scalars: readonly (readonly [ObjectiveScalar, DeviceTensor])[];

  private constructor(backend: Backend, session: Session, gradients: Weights) {
    this.backend = backend;
    this.session = session;
    this.gradients = gradients;
    this.loss = backend.allocate('loss', 'float32', []);
    this.statistics = backend.allocate('statistics', 'float32', [OBJECTIVE_STATISTICS.length]);
    this.scalars = OBJECTIVE_SCALARS.filter((name) => session.inputs.includes(name)).map((name) => [
      name,
      backend.allocate(name, 'float32', [1]),
    ]);
  }

  /**
   * Builds, differentiates and compiles the training graph of a batch shape and an objective.
   * @param gradients where gradients are written; updaters of several batch shapes may share them.
   */
  static async create(
    backend: Backend,
    architecture: Architecture,
    shape: BatchShape,
    objective: Objective,
    gradients: Weights = allocateGradients(backend, architecture),
  ): Promise<Updater> {
    const session = await backend.compile('training step', writeOnnx(trainingModel(architecture, shape, objective)));
    return new Updater(backend, session, gradients);
  }

  /** Runs the training graph: fills `gradients`, and what `results` reads. */
  async differentiate(
    weights: Weights,
    prompts: PromptBatch,
    batch: UpdateBatch,
    settings: ObjectiveSettings,
  ): Promise<void> {
    const { backend, scalars } = this;
    for (const [name, tensor] of scalars) backend.write(tensor, Float32Array.of(settings[name]));
    const gradients = Object.fromEntries(
      Object.entries(this.gradients).map(([name, tensor]) => [`grad_${name}`, tensor]),
    );
    await backend.run(
      this.session,
      { ...weights, ...prompts, ...batch, ...Object.fromEntries(scalars) },
      { loss: this.loss, statistics: this.statistics, ...gradients },
    );
  }

  /**
   * One update: gradients, then AdamW on `weights` in place.
   * @throws Error naming the first tensor with a NaN or an infinity; the weights are then those before the update.
   */
  async update(
    weights: Weights,
    optimizer: AdamW,
    prompts: PromptBatch,
    batch: UpdateBatch,
    settings: ObjectiveSettings & { readonly learningRate: number },
  ): Promise<UpdateResult> {
    await this.differentiate(weights, prompts, batch, settings);
    const gradNorm = await optimizer.step(weights, this.gradients, settings.learningRate);
    return { ...(await this.results()), gradNorm };
  }

  /** Reads back loss and statistics of the last run of the training graph. */
  async results(): Promise<Omit<UpdateResult, 'gradNorm'>> {
    const [loss] = await this.backend.read(this.loss);
    const values = await this.backend.read(this.statistics);
    const statistics = Object.fromEntries(
      OBJECTIVE_STATISTICS.map((name, index) => [name, values[index]]),
    ) as UpdateResult['statistics'];
    return { loss, statistics };
  }
}
