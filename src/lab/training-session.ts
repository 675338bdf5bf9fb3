/**
 * A run in the worker: goes from step to step, and between two steps does what the page asked for meanwhile.
 */
import type { Backend } from '../backends/backend';
import { writeOnnx } from '../graph/onnx-file';
import { inferenceModel } from '../policy/export';
import { type Checkpoint, checkpointFiles, type StoredPolicy } from '../training/checkpoint';
import type { RunConfig } from '../training/config';
import { Curriculum } from '../training/curriculum';
import type { FrameSource } from '../training/frames';
import { TrainingRun } from '../training/run';
import type { LabEvent, RunStatus } from './protocol';
import { type StoredMetrics, storeRun } from './run-storage';

type Post = (event: LabEvent, transfer?: Transferable[]) => void;
type Wish = 'run' | 'pause' | 'step' | 'stop';

/** What a run begins with. */
interface Beginning {
  /** The stored run that it goes on with, if any. */
  readonly stored: { readonly checkpoint: Checkpoint; readonly metrics: StoredMetrics[] } | null;
  /** The policy that a new run starts from, if any. */
  readonly policy: StoredPolicy | null;
}

export class TrainingSession {
  readonly id: string;
  private readonly run: TrainingRun;
  private readonly post: Post;
  private readonly metrics: StoredMetrics[];
  private wish: Wish;
  private detail = '';
  private state: RunStatus['state'] = 'preparing';
  /** Wakes the loop when the wish changes. */
  private wake: () => void = () => undefined;

  constructor(
    id: string,
    backend: Backend,
    config: RunConfig,
    frames: FrameSource,
    { stored, policy }: Beginning,
    paused: boolean,
    post: Post,
  ) {
    this.id = id;
    this.post = post;
    this.metrics = stored?.metrics ?? [];
    this.wish = paused ? 'pause' : 'run';
    this.run = new TrainingRun(backend, config, frames, {
      checkpoint: stored?.checkpoint,
      policy: policy ?? undefined,
      onPrepare: (detail) => this.report('preparing', detail),
      onStage: (stage) => this.report('running', stage),
    });
    if (this.run.notes.length > 0) post({ type: 'notes', run: id, notes: this.run.notes });
    for (const { phase, step, metrics } of this.metrics) post({ type: 'metrics', run: id, phase, step, metrics });
    if (stored?.checkpoint.phase === 'grpo') {
      const { step, curriculum } = stored.checkpoint;
      post({ type: 'curriculum', run: id, step, cells: new Curriculum(config, curriculum).table() });
    }
  }

  /** Whether the run is neither finished, stopped nor failed. */
  get active(): boolean {
    return this.state === 'preparing' || this.state === 'running' || this.state === 'paused';
  }

  /** What shall happen from the next step on. */
  want(wish: Wish): void {
    this.wish = wish;
    this.wake();
  }

  /** Runs until the run is finished or stopped. Rejects with what went wrong; the last good state is then stored. */
  async loop(): Promise<void> {
    try {
      while (!this.run.finished && this.wish !== 'stop') {
        if (this.wish === 'pause') {
          this.report('paused', 'waiting between two steps');
          await new Promise<void>((resolve) => (this.wake = resolve));
          continue;
        }
        if (this.wish === 'step') this.wish = 'pause';
        await this.step();
        // Lets messages of the page in between two steps.
        await new Promise((resolve) => setTimeout(resolve));
      }
      await this.save();
      this.report(this.run.finished ? 'finished' : 'stopped', 'the checkpoint is stored in this browser');
    } catch (error) {
      this.report('failed', error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  /** Stores the run as it is. Between two steps only: a step writes what is stored. */
  async store(): Promise<void> {
    if (this.state !== 'paused' || this.wish !== 'pause')
      throw new Error('the run is under way; pause it to store it as it is');
    await this.save();
    this.report('paused', 'waiting between two steps');
  }

  /** The weights as an inference model. */
  async exportModel(): Promise<Uint8Array> {
    return writeOnnx(inferenceModel(this.run.context.architecture, await this.run.storedWeights()));
  }

  async checkpointFiles() {
    return checkpointFiles(await this.run.checkpoint());
  }

  /** Frees what the run holds on the device. */
  dispose(): Promise<void> {
    return this.run.dispose();
  }

  private async step(): Promise<void> {
    const { phase, step, metrics, completions, pictures, curriculum } = await this.run.next();
    this.metrics.push({ phase, step, metrics });
    this.post({ type: 'metrics', run: this.id, phase, step, metrics });
    if (completions.length > 0) this.post({ type: 'completions', run: this.id, step, pictures, rows: completions });
    if (curriculum.length > 0) this.post({ type: 'curriculum', run: this.id, step, cells: curriculum });
    if (step % this.run.context.config.save_steps === 0) await this.save();
  }

  private async save(): Promise<void> {
    this.report(this.state, 'saving a checkpoint');
    this.post({ type: 'saved', run: await storeRun(this.id, await this.run.checkpoint(), this.metrics) });
  }

  private report(state: RunStatus['state'], detail: string): void {
    this.state = state;
    this.detail = detail;
    // Before the constructor is through there is no run to report on.
    if (!this.run) return;
    const { phase, step, steps } = this.run;
    this.post({ type: 'status', run: this.id, status: { state, phase, step, steps, detail: this.detail } });
  }
}
