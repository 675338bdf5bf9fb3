/**
 * A policy of the lab as an evaluated model: greedy completions by the generator that training uses, on any backend.
 */
import type { Backend } from '../../backends/backend';
import { BySlots } from '../../policy/frame-slots';
import { Generator } from '../../policy/generation';
import { type Architecture, frameCount } from '../../policy/parameters';
import { allocatePrompts, type PromptBatch, writePrompts } from '../../policy/prompts';
import type { Tokenizer } from '../../policy/tokenizer';
import { loadWeights, type Weights } from '../../policy/weights';
import type { StoredPolicy } from '../../training/checkpoint';
import { FrameBatch, slotsNeeded, softwareFrames } from '../../training/frames';
import { architectureOf, policyWeights } from '../../training/run';
import type { Question } from '../suites/question';
import type { Model, Reply } from './model';
import { type PolicyInput, policyInput } from './policy-input';

/** Questions answered at once. */
const BATCH = 16;

/** What a batch of questions is answered with, all of which fit into so many frame slots. */
interface Answerer {
  readonly generator: Generator;
  readonly prompts: PromptBatch;
  readonly frames: FrameBatch;
}

interface Asked {
  readonly question: Question;
  readonly input: PolicyInput;
}

export class PolicyModel implements Model {
  readonly name: string;
  readonly frames: number;
  readonly #backend: Backend;
  readonly #architecture: Architecture;
  readonly #tokenizer: Tokenizer;
  readonly #weights: Weights;
  readonly #answerers: BySlots<Answerer>;

  private constructor(
    name: string,
    backend: Backend,
    stored: StoredPolicy,
    weights: Weights,
    answerers: BySlots<Answerer>,
  ) {
    const { config, tokenizer } = stored;
    this.name = name;
    this.#backend = backend;
    this.#architecture = architectureOf(config, tokenizer);
    this.frames = frameCount(this.#architecture);
    this.#tokenizer = tokenizer;
    this.#weights = weights;
    this.#answerers = answerers;
  }

  /** Compiles a policy. Throws Error naming the tensor where the weights do not fit the config. */
  static async create(name: string, backend: Backend, stored: StoredPolicy): Promise<PolicyModel> {
    const { config, tokenizer } = stored;
    const a = architectureOf(config, tokenizer);
    const weights = loadWeights(backend, a, policyWeights(stored));
    const answerers = await BySlots.create(a, async (slots): Promise<Answerer> => {
      const shape = { prompts: BATCH, generations: 1, slots };
      return {
        generator: await Generator.create(backend, a, shape, tokenizer.special),
        prompts: allocatePrompts(backend, a, shape),
        frames: new FrameBatch(backend, softwareFrames(backend, a.frame_size), a, shape),
      };
    });
    return new PolicyModel(name, backend, stored, weights, answerers);
  }

  async answer(questions: readonly Question[], onReply: (reply: Reply) => void): Promise<null> {
    // Questions about one frame go together, so that they do not pay for the empty slots that they would have beside videos.
    const waiting = await BySlots.create(this.#architecture, (): Asked[] => []);
    const flush = async (alike: Asked[]) => {
      const batch = alike.splice(0);
      const completions = await this.#complete(batch.map(({ input }) => input));
      batch.forEach(({ question }, row) => onReply({ question, completion: completions[row], error: null }));
    };
    for (const question of questions) {
      const input = await policyInput(question, this.#tokenizer, this.#architecture);
      if (typeof input === 'string') {
        onReply({ question, completion: null, error: input });
        continue;
      }
      const alike = waiting.fitting(slotsNeeded(input.frames));
      alike.push({ question, input });
      if (alike.length === BATCH) await flush(alike);
    }
    for (const rest of waiting.each) if (rest.length > 0) await flush(rest);
    return null;
  }

  async #complete(batch: readonly PolicyInput[]): Promise<string[]> {
    const { max_completion_length } = this.#architecture;
    const slots = Math.max(...batch.map((input) => slotsNeeded(input.frames)));
    const { generator, prompts, frames } = this.#answerers.fitting(slots);
    // The last batch is filled up with its first prompt, whose further completions nobody reads.
    const rows = Array.from({ length: BATCH }, (_, row) => batch[row < batch.length ? row : 0]);
    const texts = rows.map(({ prompt }) => prompt);
    writePrompts(this.#backend, this.#architecture, prompts, texts, this.#tokenizer.special.pad);
    const shown = rows.map((input) => input.frames);
    await frames.show(shown, prompts);
    const rollout = await generator.generate(this.#weights, prompts, { temperature: 0, seed: 0 });
    const tokens = await this.#backend.read(rollout.tokens);
    return batch.map((_, row) => {
      const own = tokens.subarray(row * max_completion_length, (row + 1) * max_completion_length);
      return this.#tokenizer.decode(Array.from(own));
    });
  }
}
