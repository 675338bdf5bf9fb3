/**
 * A policy of the lab as an evaluated model: greedy completions by the generator that training uses, on any backend.
 */
import type { Backend, DeviceTensor } from '../../backends/backend';
import { pixelsToPatches } from '../../kernels/pixels-to-patches';
import { Generator } from '../../policy/generation';
import { type Architecture, frameCount } from '../../policy/parameters';
import { allocatePrompts, type PromptBatch, writeFrameMask, writePrompts } from '../../policy/prompts';
import type { Tokenizer } from '../../policy/tokenizer';
import { loadWeights, type Weights } from '../../policy/weights';
import type { StoredPolicy } from '../../training/checkpoint';
import { architectureOf, policyWeights } from '../../training/run';
import type { Question } from '../suites/question';
import type { Model, Reply } from './model';
import { type PolicyInput, policyInput } from './policy-input';

/** Questions answered at once. */
const BATCH = 16;

export class PolicyModel implements Model {
  readonly name: string;
  readonly frames: number;
  readonly #backend: Backend;
  readonly #architecture: Architecture;
  readonly #tokenizer: Tokenizer;
  readonly #weights: Weights;
  readonly #generator: Generator;
  readonly #prompts: PromptBatch;
  readonly #pixels: DeviceTensor;
  /** Of a batch. */
  readonly #frames: number;

  private constructor(name: string, backend: Backend, stored: StoredPolicy, weights: Weights, generator: Generator) {
    const { config, tokenizer } = stored;
    this.name = name;
    this.#backend = backend;
    this.#architecture = architectureOf(config, tokenizer);
    this.frames = frameCount(this.#architecture);
    this.#tokenizer = tokenizer;
    this.#weights = weights;
    this.#generator = generator;
    this.#prompts = allocatePrompts(backend, this.#architecture, { prompts: BATCH, generations: 1 });
    const { frame_size } = this.#architecture;
    this.#frames = BATCH * frameCount(this.#architecture);
    this.#pixels = backend.allocate('frames', 'uint32', [this.#frames, frame_size, frame_size]);
  }

  /** Compiles a policy. Throws Error naming the tensor where the weights do not fit the config. */
  static async create(name: string, backend: Backend, stored: StoredPolicy): Promise<PolicyModel> {
    const { config, tokenizer } = stored;
    const architecture = architectureOf(config, tokenizer);
    const weights = loadWeights(backend, architecture, policyWeights(stored));
    const shape = { prompts: BATCH, generations: 1 };
    const generator = await Generator.create(backend, architecture, shape, tokenizer.special);
    return new PolicyModel(name, backend, stored, weights, generator);
  }

  async answer(questions: readonly Question[], onReply: (reply: Reply) => void): Promise<null> {
    let batch: { question: Question; input: PolicyInput }[] = [];
    const flush = async () => {
      const completions = await this.#complete(batch.map(({ input }) => input));
      batch.forEach(({ question }, row) => onReply({ question, completion: completions[row], error: null }));
      batch = [];
    };
    for (const question of questions) {
      const input = await policyInput(question, this.#tokenizer, this.#architecture);
      if (typeof input === 'string') onReply({ question, completion: null, error: input });
      else batch.push({ question, input });
      if (batch.length === BATCH) await flush();
    }
    if (batch.length > 0) await flush();
    return null;
  }

  async #complete(batch: readonly PolicyInput[]): Promise<string[]> {
    const { frame_size, patch_size, max_completion_length } = this.#architecture;
    const pixels = new Uint32Array(this.#frames * frame_size * frame_size);
    batch.forEach(({ frames }, row) => pixels.set(frames, row * frames.length));
    this.#backend.write(this.#pixels, pixels);
    this.#backend.dispatch(
      pixelsToPatches,
      { pixels: this.#pixels, patches: this.#prompts.patches },
      { frames: this.#frames, height: frame_size, width: frame_size, row_stride: frame_size, patch: patch_size },
    );
    // The last batch is filled up with its first prompt, whose further completions nobody reads.
    const rows = Array.from({ length: BATCH }, (_, row) => batch[row < batch.length ? row : 0]);
    const texts = rows.map(({ prompt }) => prompt);
    writePrompts(this.#backend, this.#architecture, this.#prompts, texts, this.#tokenizer.special.pad);
    writeFrameMask(
      this.#backend,
      this.#prompts,
      rows.map(({ slots }) => slots),
    );
    const rollout = await this.#generator.generate(this.#weights, this.#prompts, { temperature: 0, seed: 0 });
    const tokens = await this.#backend.read(rollout.tokens);
    return batch.map((_, row) => {
      const own = tokens.subarray(row * max_completion_length, (row + 1) * max_completion_length);
      return this.#tokenizer.decode(Array.from(own));
    });
  }
}
