/**
 * Evaluation during the cold start: loss and token accuracy, by teacher forcing, on held-out samples. They are drawn once
 * and stay on the device, so that each evaluation asks the same.
 */
import type { DeviceTensor, Session } from '../backends/backend';
import { writeOnnx } from '../graph/onnx-file';
import type { Weights } from '../policy/weights';
import type { RunContext } from './context';
import type { Place } from './drawing';
import type { FrameBatch } from './frames';
import { supervisedModel } from './objective';
import { SupervisedBatch } from './supervised-batch';

/** Its own phase has seeds of its own: what is drawn for it is never trained on. */
const heldOutPlace = (index: number): Place => ({ phase: 'evaluation', step: 0, index, round: 0, fitCompletion: true });

interface HeldOut {
  readonly batch: SupervisedBatch;
  /** Of its completions. */
  readonly tokens: number;
}

export class SupervisedEvaluation {
  private readonly context: RunContext;
  private readonly session: Session;
  private readonly frames: FrameBatch;
  private readonly figures: DeviceTensor;
  /** Null until the first evaluation. */
  private heldOut: readonly HeldOut[] | null = null;

  private constructor(context: RunContext, session: Session, frames: FrameBatch) {
    this.context = context;
    this.session = session;
    this.frames = frames;
    this.figures = context.backend.allocate('evaluation', 'float32', [2]);
  }

  /** @param frames of as many prompts as the cold start's batch has. */
  static async create(context: RunContext, frames: FrameBatch): Promise<SupervisedEvaluation> {
    const { backend, architecture, config } = context;
    const shape = { prompts: config.cold_start.batch_size, generations: 1 };
    const session = await backend.compile('evaluation', writeOnnx(supervisedModel(architecture, shape)));
    return new SupervisedEvaluation(context, session, frames);
  }

  /** Metrics of the held-out samples under `weights`, by the names of TRL's SFTTrainer; eval_runtime in seconds. */
  async evaluate(weights: Weights): Promise<Record<string, number>> {
    const start = performance.now();
    const { backend } = this.context;
    this.heldOut ??= await this.draw();
    let [loss, accuracy, tokens] = [0, 0, 0];
    for (const { batch, tokens: count } of this.heldOut) {
      const { completion_tokens, token_weights } = batch.completions;
      await backend.run(
        this.session,
        { ...weights, ...batch.prompts, completion_tokens, token_weights },
        { figures: this.figures },
      );
      const [batchLoss, batchAccuracy] = await backend.read(this.figures);
      loss += count * batchLoss;
      accuracy += count * batchAccuracy;
      tokens += count;
    }
    return {
      eval_loss: loss / tokens,
      eval_mean_token_accuracy: accuracy / tokens,
      eval_runtime: (performance.now() - start) / 1000,
    };
  }

  /** The held-out set: cold_start.eval_samples, rounded up to whole batches. */
  private async draw(): Promise<HeldOut[]> {
    const { batch_size: rows, eval_samples } = this.context.config.cold_start;
    const heldOut: HeldOut[] = [];
    this.context.onStage('drawing held-out samples');
    for (let first = 0; first < eval_samples; first += rows) {
      const places = Array.from({ length: rows }, (_, row) => first + row);
      const draws = await Promise.all(places.map((index) => this.context.samples(this.context, heldOutPlace(index))));
      const batch = new SupervisedBatch(this.context, rows);
      heldOut.push({
        batch,
        tokens: await batch.fill(
          draws.map(({ drawn }) => drawn),
          this.frames,
        ),
      });
    }
    return heldOut;
  }
}
