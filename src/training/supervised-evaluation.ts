/**
 * Evaluation during the cold start: loss and token accuracy, by teacher forcing, on held-out samples. They are drawn once
 * and stay on the device, so that each evaluation asks the same. Those with as many frames share batches.
 */
import type { DeviceTensor, Session } from '../backends/backend';
import { writeOnnx } from '../graph/onnx-file';
import { BySlots } from '../policy/frame-slots';
import type { Weights } from '../policy/weights';
import type { RunContext, SupervisedSample } from './context';
import type { Place } from './drawing';
import { FrameBatch, slotsNeeded } from './frames';
import { supervisedModel } from './objective';
import { SupervisedBatch } from './supervised-batch';

/** Its own phase has seeds of its own: what is drawn for it is never trained on. */
const heldOutPlace = (index: number): Place => ({ phase: 'evaluation', step: 0, index, round: 0, fitCompletion: true });

/** What batches of a number of frame slots are evaluated with. */
interface Evaluator {
  readonly slots: number;
  readonly frames: FrameBatch;
  readonly session: Session;
}

interface HeldOut {
  readonly batch: SupervisedBatch;
  readonly session: Session;
  /** Of its completions. */
  readonly tokens: number;
}

export class SupervisedEvaluation {
  private readonly context: RunContext;
  private readonly evaluators: BySlots<Evaluator>;
  private readonly figures: DeviceTensor;
  /** Null until the first evaluation. */
  private heldOut: readonly HeldOut[] | null = null;

  private constructor(context: RunContext, evaluators: BySlots<Evaluator>) {
    this.context = context;
    this.evaluators = evaluators;
    this.figures = context.backend.allocate('evaluation', 'float32', [2]);
  }

  /** Compiles the graphs, for batches as large as the cold start's. */
  static async create(context: RunContext): Promise<SupervisedEvaluation> {
    const { backend, architecture: a, config } = context;
    const evaluators = await BySlots.create(a, async (slots): Promise<Evaluator> => {
      const shape = { prompts: config.cold_start.batch_size, generations: 1, slots };
      return {
        slots,
        frames: new FrameBatch(backend, context.frames, a, shape),
        session: await backend.compile('evaluation', writeOnnx(supervisedModel(a, shape))),
      };
    });
    return new SupervisedEvaluation(context, evaluators);
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

  /** The held-out set: cold_start.eval_samples, rounded up to whole batches. */
  private async draw(): Promise<HeldOut[]> {
    const { architecture, config } = this.context;
    const { batch_size: rows, eval_samples } = config.cold_start;
    const heldOut: HeldOut[] = [];
    const waiting = await BySlots.create<SupervisedSample[]>(architecture, () => []);
    this.context.onStage('drawing held-out samples');
    for (let index = 0; index < Math.ceil(eval_samples / rows) * rows; index++) {
      const { drawn } = await this.context.samples(this.context, heldOutPlace(index));
      const alike = waiting.fitting(slotsNeeded(drawn.frames));
      alike.push(drawn);
      if (alike.length === rows) heldOut.push(await this.hold(alike.splice(0)));
    }
    // As all are whole batches, what is left over is one, or nothing.
    const rest = waiting.each.flat();
    if (rest.length > 0) heldOut.push(await this.hold(rest));
    return heldOut;
  }

  /** A batch of samples, on the device. */
  private async hold(samples: readonly SupervisedSample[]): Promise<HeldOut> {
    const most = Math.max(...samples.map(({ frames: seen }) => slotsNeeded(seen)));
    const { slots, frames, session } = this.evaluators.fitting(most);
    const batch = new SupervisedBatch(this.context, { prompts: samples.length, generations: 1, slots });
    return { batch, session, tokens: await batch.fill(samples, frames) };
  }
}
