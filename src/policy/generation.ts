/**
 * Rollouts: batched generation with key-value caches. The tokens are drawn on the device by the sampling kernel and
 * stay there, with their log-probabilities; the host only counts steps.
 */
import type { Backend, DeviceTensor, Session } from '../backends/backend';
import { writeOnnx } from '../graph/onnx-file';
import { placeColumn } from '../kernels/place-column';
import { sampleTokens } from '../kernels/sample-tokens';
import type { BatchShape } from './inputs';
import { cacheNames, cacheShapes, decodeModel, prefixModel } from './graphs';
import { type Architecture, elementCount } from './parameters';
import type { PromptBatch } from './prompts';
import type { SpecialTokens } from './tokenizer';
import type { Weights } from './weights';

/** Steps between looks at whether every completion has ended; each look waits for the device. */
const STEPS_BETWEEN_LOOKS = 8;

/** A batch of completions on the device: N*G rows, C columns. */
export interface Rollout {
  /** int32 [N*G, C]: sampled tokens, padding after the end. */
  readonly tokens: DeviceTensor;
  /** float32 [N*G, C]: log-probability of each token when it was drawn, at the sampling temperature. */
  readonly logProbabilities: DeviceTensor;
  /** float32 [N*G, C]: 1 up to and including the end-of-sequence token, 0 after it. */
  readonly mask: DeviceTensor;
  /** uint32 [N*G]: length of a completion that ended by itself, end-of-sequence included; 0 where it was cut at C. */
  readonly finished: DeviceTensor;
}

export interface SamplingSettings {
  /** 0 is greedy. */
  readonly temperature: number;
  /** 32-bit seed of the counter-based generator; with the row and the column it fixes each draw. */
  readonly seed: number;
}

type CacheTensors = Record<string, DeviceTensor>;

export class Generator {
  private readonly backend: Backend;
  private readonly architecture: Architecture;
  private readonly shape: BatchShape;
  private readonly special: SpecialTokens;
  private readonly prefixSession: Session;
  private readonly decodeSession: Session;
  private readonly rollout: Rollout;
  private readonly logits: DeviceTensor;
  private readonly nextToken: DeviceTensor;
  private readonly active: DeviceTensor;
  private readonly steps: readonly DeviceTensor[];
  private readonly prefixCaches: CacheTensors;
  private readonly completionCaches: CacheTensors;
  /** What a step adds to the completions' caches: a graph may not write the buffers that it reads. */
  private readonly now: CacheTensors;

  private constructor(
    backend: Backend,
    architecture: Architecture,
    shape: BatchShape,
    special: SpecialTokens,
    sessions: { prefix: Session; decode: Session },
  ) {
    const rows = shape.prompts * shape.generations;
    const columns = architecture.max_completion_length;
    const shapes = cacheShapes(architecture, shape);
    this.backend = backend;
    this.architecture = architecture;
    this.shape = shape;
    this.special = special;
    this.prefixSession = sessions.prefix;
    this.decodeSession = sessions.decode;
    this.rollout = {
      tokens: backend.allocate('completion tokens', 'int32', [rows, columns]),
      logProbabilities: backend.allocate('sampled log-probabilities', 'float32', [rows, columns]),
      mask: backend.allocate('completion mask', 'float32', [rows, columns]),
      finished: backend.allocate('finished', 'uint32', [rows]),
    };
    this.logits = backend.allocate('next-token logits', 'float32', [rows, architecture.vocabulary]);
    this.nextToken = backend.allocate('next tokens', 'int32', [rows]);
    this.active = backend.allocate('active completions', 'uint32', [1]);
    this.steps = Array.from({ length: columns - 1 }, (_, step) =>
      backend.allocate(`step ${step}`, 'int32', [1], Int32Array.of(step)),
    );
    const caches = (part: 'prefix' | 'completion' | 'now'): CacheTensors =>
      Object.fromEntries(
        this.layers().flatMap((layer) => {
          const names = cacheNames(part, layer);
          return [
            [names.key, backend.allocate(names.key, 'float32', shapes[part].key)],
            [names.value, backend.allocate(names.value, 'float32', shapes[part].value)],
          ];
        }),
      );
    this.prefixCaches = caches('prefix');
    this.completionCaches = caches('completion');
    this.now = caches('now');
  }

  /** Compiles the graphs of a batch shape and allocates what generation needs. */
  static async create(
    backend: Backend,
    architecture: Architecture,
    shape: BatchShape,
    special: SpecialTokens,
  ): Promise<Generator> {
    const prefix = await backend.compile('prefix', writeOnnx(prefixModel(architecture, shape)));
    const decode = await backend.compile('decode', writeOnnx(decodeModel(architecture, shape)));
    return new Generator(backend, architecture, shape, special, { prefix, decode });
  }

  /**
   * Completes a batch of prompts, G times each.
   * @returns tensors that belong to the generator and are overwritten by the next call.
   */
  async generate(weights: Weights, prompts: PromptBatch, settings: SamplingSettings): Promise<Rollout> {
    const { backend, architecture, rollout } = this;
    const columns = architecture.max_completion_length;
    this.reset();
    const { prompt_lengths, ...prefixInputs } = prompts;
    const { prompt_mask, frame_mask } = prompts;
    const masks = { prompt_mask, ...(frame_mask && { frame_mask }) };
    await backend.run(
      this.prefixSession,
      { ...weights, ...prefixInputs },
      { logits: this.logits, ...this.prefixCaches },
    );
    for (let step = 0; step < columns; step++) {
      this.sample(step, settings);
      const last = step === columns - 1;
      if (last || ((step + 1) % STEPS_BETWEEN_LOOKS === 0 && (await this.allFinished()))) break;
      await backend.run(
        this.decodeSession,
        {
          ...weights,
          ...this.prefixCaches,
          ...this.completionCaches,
          token: this.nextToken,
          step: this.steps[step],
          prompt_lengths,
          ...masks,
        },
        { logits: this.logits, ...this.now },
      );
      this.remember(step);
    }
    return rollout;
  }

  /** Puts the keys and values of a step into the completions' caches. */
  private remember(step: number): void {
    const { backend, architecture: a, completionCaches, now } = this;
    const columns = a.max_completion_length - 1;
    const inner = a.dim / a.heads;
    for (const layer of this.layers()) {
      const [from, to] = [cacheNames('now', layer), cacheNames('completion', layer)];
      const outer = elementCount(now[from.key].shape);
      const place = { columns, column: step };
      // Keys are kept transposed.
      const key = { values: now[from.key], target: completionCaches[to.key] };
      const value = { values: now[from.value], target: completionCaches[to.value] };
      backend.dispatch(placeColumn, key, { ...place, outer, inner: 1 });
      backend.dispatch(placeColumn, value, { ...place, outer: outer / inner, inner });
    }
  }

  private sample(step: number, { temperature, seed }: SamplingSettings): void {
    const { backend, architecture, shape, special, rollout } = this;
    backend.dispatch(
      sampleTokens,
      {
        logits: this.logits,
        tokens: rollout.tokens,
        next: this.nextToken,
        log_probabilities: rollout.logProbabilities,
        finished: rollout.finished,
        mask: rollout.mask,
        active: this.active,
      },
      {
        rows: shape.prompts * shape.generations,
        vocabulary: architecture.vocabulary,
        max_completion: architecture.max_completion_length,
        step,
        temperature,
        seed_low: seed,
        seed_high: 0,
        eos: special.eos,
        pad: special.pad,
      },
    );
  }

  private reset(): void {
    const { backend, rollout, special } = this;
    const count = elementCount(rollout.tokens.shape);
    backend.write(rollout.tokens, new Int32Array(count).fill(special.pad));
    backend.write(rollout.logProbabilities, new Float32Array(count));
    backend.write(rollout.mask, new Float32Array(count));
    backend.write(rollout.finished, new Uint32Array(elementCount(rollout.finished.shape)));
  }

  private async allFinished(): Promise<boolean> {
    const [active] = await this.backend.read(this.active);
    return active === 0;
  }

  private layers(): number[] {
    return Array.from({ length: this.architecture.layers }, (_, layer) => layer);
  }
}
