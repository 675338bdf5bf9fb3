/**
 * Evaluation during the cold start: loss and token accuracy, by teacher forcing, on held-out samples. They are drawn once
 * and stay on the device, so that each evaluation asks the same.
 */
import type { DeviceTensor, Session } from '../backends/backend';
import { writeOnnx } from '../graph/onnx-file';
import type { Weights } from '../policy/weights';
import type { RunContext } from './context';
import type { Place } from './drawing';
import { supervisedModel } from './objective';
import { completionTokens, packPasses } from './packing';
import { packedGraphs, SupervisedBatch } from './supervised-batch';

/** Its own phase has seeds of its own: what is drawn for it is never trained on. */
const heldOutPlace = (index: number): Place => ({ phase: 'evaluation', step: 0, index, round: 0, fitCompletion: true });

interface HeldOut {
  readonly batch: SupervisedBatch;
  readonly session: Session;
  /** Of its completions. */
  readonly tokens: number;
}

export class SupervisedEvaluation {
  private readonly context: RunContext;
  private readonly figures: DeviceTensor;
  /** Null until the first evaluation. */
  private heldOut: readonly HeldOut[] | null = null;

  constructor(context: RunContext) {
    this.context = context;
    this.figures = context.backend.allocate('evaluation', 'float32', [2]);
  }

  /** Metrics of the held-out samples under `weights`, by the names of TRL's SFTTrainer; eval_runtime in seconds. */
  async evaluate(weights: Weights): Promise<Record<string, number>> {
    const start = performance.now();
    const { backend } = this.context;
    this.heldOut ??= await this.draw();
    let [loss, accuracy, tokens] = [0, 0, 0];
    for (const { batch, session, tokens: count } of this.heldOut) {
      const { completion_tokens, token_weights } = batch.completions;
      await backend.run(
        session,
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

  /** The held-out set, cold_start.eval_samples of them, packed. */
  private async draw(): Promise<HeldOut[]> {
    const { architecture, config, backend, onStage } = this.context;
    const { batch_size, eval_samples } = config.cold_start;
    onStage('drawing held-out samples');
    const places = Array.from({ length: eval_samples }, (_, index) => heldOutPlace(index));
    const draws = await Promise.all(places.map((place) => this.context.samples(this.context, place)));
    const passes = packPasses(
      draws.map(({ drawn }) => drawn),
      architecture,
      batch_size,
    );
    const sessions = new Map<string, Session>();
    const heldOut: HeldOut[] = [];
    for (const pass of passes) {
      const key = JSON.stringify(pass.shape);
      const graphs = packedGraphs(architecture, pass.shape);
      const session =
        sessions.get(key) ??
        (await backend.compile('evaluation', writeOnnx(supervisedModel(graphs.architecture, graphs.batch))));
      sessions.set(key, session);
      const batch = new SupervisedBatch(this.context, pass.shape);
      await batch.fill(pass);
      heldOut.push({ batch, session, tokens: completionTokens(pass.views.flatMap(({ samples }) => samples)) });
    }
    return heldOut;
  }
}
