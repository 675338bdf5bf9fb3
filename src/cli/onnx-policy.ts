/**
 * An exported policy as an evaluated model: greedy decoding with plain onnxruntime-node, a question at a time and the
 * whole sequence anew for each token. Slower than the checkpoint, and independent of the lab's own graphs and kernels.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import type { Model, Reply } from '../evaluation/models/model';
import { type PolicyInput, policyInput } from '../evaluation/models/policy-input';
import type { Question } from '../evaluation/suites/question';
import { type Architecture, frameCount } from '../policy/parameters';
import { Tokenizer } from '../policy/tokenizer';
import { parseRunConfig } from '../training/config';
import { slotsNeeded } from '../training/frames';
import type { Picture } from '../training/report';
import { architectureOf } from '../training/run';

export class OnnxPolicy implements Model {
  readonly name: string;
  readonly frames: number;
  readonly #session: ort.InferenceSession;
  readonly #architecture: Architecture;
  readonly #tokenizer: Tokenizer;

  private constructor(name: string, session: ort.InferenceSession, architecture: Architecture, tokenizer: Tokenizer) {
    this.name = name;
    this.#session = session;
    this.#architecture = architecture;
    this.frames = frameCount(architecture);
    this.#tokenizer = tokenizer;
  }

  /**
   * Loads `file`, which export has written, with config.json and tokenizer.json beside it, as train has written them.
   * @throws Error naming the file that is missing or invalid.
   */
  static async load(name: string, file: string): Promise<OnnxPolicy> {
    const [configFile, tokenizerFile] = ['config.json', 'tokenizer.json'].map((each) => join(dirname(file), each));
    for (const needed of [configFile, tokenizerFile]) {
      if (existsSync(needed)) continue;
      throw new Error(`there is no ${needed}; put the checkpoint's config.json and tokenizer.json beside ${file}`);
    }
    const config = parseRunConfig(JSON.parse(readFileSync(configFile, 'utf8')), configFile);
    const tokenizer = Tokenizer.fromJSON(JSON.parse(readFileSync(tokenizerFile, 'utf8')));
    const session = await ort.InferenceSession.create(file, { logSeverityLevel: 4 });
    return new OnnxPolicy(name, session, architectureOf(config, tokenizer), tokenizer);
  }

  async answer(questions: readonly Question[], onReply: (reply: Reply) => void): Promise<null> {
    for (const question of questions) {
      const input = await policyInput(question, this.#tokenizer, this.#architecture);
      if (typeof input === 'string') onReply({ question, completion: null, error: input });
      else onReply({ question, completion: await this.#complete(input), error: null });
    }
    return null;
  }

  async #complete({ prompt, frames }: PolicyInput): Promise<string> {
    const visual = visualInputs(frames, this.#architecture);
    const completion: number[] = [];
    while (completion.length < this.#architecture.max_completion_length) {
      const ids = BigInt64Array.from([...prompt, ...completion], BigInt);
      const { logits } = await this.#session.run({
        ...visual,
        input_ids: new ort.Tensor('int64', ids, [1, ids.length]),
      });
      const next = greatest((await logits.getData()) as Float32Array, ids.length - 1, this.#tokenizer.size);
      if (next === this.#tokenizer.special.eos) break;
      completion.push(next);
    }
    return this.#tokenizer.decode(completion);
  }
}

/**
 * The model's pixel_values, channel / 127.5 - 1: float32 [1, 3, size, size]; of a policy of several frames
 * [1, frames, 3, size, size], and frame_mask float32 [1, frames]. What no frame shows is black.
 */
function visualInputs(shown: readonly Picture[], a: Architecture): Record<string, ort.Tensor> {
  const { frame_size: size } = a;
  const frames = frameCount(a);
  const planes = Float32Array.from({ length: frames * 3 * size ** 2 }, (_, index) => {
    const [plane, pixel] = [Math.floor(index / size ** 2), index % size ** 2];
    const [frame, channel] = [Math.floor(plane / 3), plane % 3];
    return (shown[frame]?.rgba[4 * pixel + channel] ?? 0) / 127.5 - 1;
  });
  if (frames === 1) return { pixel_values: new ort.Tensor('float32', planes, [1, 3, size, size]) };
  const mask = Float32Array.from({ length: frames }, (_, frame) => (frame < slotsNeeded(shown) ? 1 : 0));
  return {
    pixel_values: new ort.Tensor('float32', planes, [1, frames, 3, size, size]),
    frame_mask: new ort.Tensor('float32', mask, [1, frames]),
  };
}

/** Index of the greatest of row `row` of a table with `columns` columns; the first of equals. */
function greatest(values: Float32Array, row: number, columns: number): number {
  const own = values.subarray(row * columns, (row + 1) * columns);
  return own.reduce((best, value, index) => (value > own[best] ? index : best), 0);
}
