/**
 * A data set that `synthesize` has written as the cold start's samples: the split `train` to train on, in an order that
 * the run's seed shuffles anew each epoch, and the split `test` for evaluation. Samples about the same frames follow each
 * other, so that a step computes those once. Only places of lines are held in memory; lines and frames are read as they
 * are asked for.
 */
import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SampleRecord } from '../datasets/canonical';
import { framePath } from '../datasets/store';
import { framePicture } from '../evaluation/models/frame';
import { groupBy } from '../group-by';
import type { Architecture } from '../policy/parameters';
import { frameCount } from '../policy/parameters';
import { tokenTexts } from '../policy/question-tokens';
import type { Tokenizer } from '../policy/tokenizer';
import { hashSeed, stream } from '../random';
import { tasksByDomain } from '../training/data-config';
import type { RunContext, SampleSource, SupervisedSample } from '../training/context';
import { type Draw, drawForPlace, fits, type Place } from '../training/drawing';
import { framesShown } from '../training/frames';
import type { RunConfig } from '../training/config';
import type { Picture } from '../training/report';
import { architectureOf } from '../training/run';
import { finishedPlan, parsedJson } from './dataset-folder';

/** Views whose frames are kept in memory. */
const RECENT_VIEWS = 16;

/** Where a sample's line is in samples.jsonl, bytes, and which frames it is about. */
interface Line {
  readonly offset: number;
  readonly length: number;
  /** The same for samples about the same frames. */
  readonly view: number;
}

type Lines = Readonly<Record<'train' | 'test', readonly Line[]>>;

export class TrainingData {
  readonly path: string;
  /** What was found, for people. */
  readonly summary: string;
  readonly #file: number;
  readonly #lines: Lines;
  /** Frames of the views asked for last: questions about the same ones follow each other. */
  readonly #recent = new Map<string, Picture[]>();
  /** The order of the last epoch asked for. */
  #order: { readonly epoch: number; readonly lines: readonly Line[] } | null = null;

  private constructor(path: string, lines: Lines, summary: string) {
    this.path = path;
    this.summary = summary;
    this.#lines = lines;
    this.#file = openSync(join(path, 'samples.jsonl'), 'r');
  }

  /**
   * Looks through the samples for those that the policy of a run can learn from: of the config's tasks, about no more
   * frames than it is shown where it sees one, and short enough.
   * @throws Error where the folder is no finished data set, or holds no such samples.
   */
  static async open(path: string, config: RunConfig, tokenizer: Tokenizer): Promise<TrainingData> {
    const { data, cold_start, seed } = config;
    const a = architectureOf(config, tokenizer);
    // Throws where it is not finished.
    finishedPlan(path);
    const { spatial } = tasksByDomain(data.tasks);
    const lines = { train: [] as Line[], test: [] as Line[] };
    const views = new Map<string, number>();
    const viewOf = (sample: SampleRecord) => {
      const name = viewName(sample);
      if (!views.has(name)) views.set(name, views.size);
      return views.get(name)!;
    };
    let [offset, number, unfit] = [0, 0, 0];
    const file = join(path, 'samples.jsonl');
    for await (const text of createInterface({ input: createReadStream(file) })) {
      const place = { offset, length: Buffer.byteLength(text) };
      offset += place.length + 1;
      const sample = parsedJson(text, `line ${++number} of ${file}`) as SampleRecord;
      const split = lines[sample.split === 'test' ? 'test' : 'train'];
      if (!spatial.includes(sample.task) || (sample.split !== 'train' && sample.split !== 'test')) continue;
      if (isShown(sample, a) && fits(a, tokenTexts(tokenizer, sample), true))
        split.push({ ...place, view: viewOf(sample) });
      else unfit++;
    }
    if (lines.train.length === 0) {
      throw new Error(
        `${file} has no samples of the split train that this policy can learn from (${unfit} are too long or about ` +
          `more frames than it sees); its tasks are ${spatial.join(', ')}`,
      );
    }
    if (cold_start.eval_steps > 0 && lines.test.length === 0) {
      throw new Error(`${file} has no samples of the split test to evaluate on; set cold_start.eval_steps to 0`);
    }
    const summary =
      `${lines.train.length.toLocaleString('en')} samples to train on, ${lines.test.length.toLocaleString('en')} held out, ` +
      `${unfit.toLocaleString('en')} left out as too long or about more frames than the policy sees`;
    const heldOut = stream(seed, 'held-out').shuffle(lines.test);
    return new TrainingData(path, { train: lines.train, test: heldOut }, summary);
  }

  /** The sample of a place. General problems, of which a data set has none, are drawn, in their share of the places. */
  readonly samples: SampleSource = async (context, place) => {
    const { data, seed } = context.config;
    const random = stream(hashSeed(seed, place.phase, place.step, place.index), 'domain');
    if (random.next() < data.general_share) {
      return drawForPlace(context, place, { task: random.pick(tasksByDomain(data.tasks).general), level: null });
    }
    return {
      drawn: this.#sampleAt(this.#lineOf(context, place), context),
      redrawn: 0,
    } satisfies Draw<SupervisedSample>;
  };

  close(): void {
    closeSync(this.#file);
  }

  #lineOf({ config }: RunContext, { phase, step, index }: Place): Line {
    const { batch_size, gradient_accumulation_steps } = config.cold_start;
    const count = this.#lines[phase === 'evaluation' ? 'test' : 'train'].length;
    if (phase === 'evaluation') return this.#lines.test[index % count];
    const position = (step - 1) * batch_size * gradient_accumulation_steps + index;
    const epoch = Math.floor(position / count);
    if (this.#order?.epoch !== epoch) {
      const random = stream(config.seed, 'epoch', epoch);
      const views = groupBy(this.#lines.train, ({ view }) => view);
      this.#order = { epoch, lines: random.shuffle([...views.values()]).flatMap((lines) => random.shuffle(lines)) };
    }
    return this.#order.lines[position % count];
  }

  #sampleAt({ offset, length }: Line, { architecture, tokenizer }: RunContext): SupervisedSample {
    const bytes = Buffer.alloc(length);
    if (readSync(this.#file, bytes, 0, length, offset) < length) {
      throw new Error(`${this.path}/samples.jsonl has been cut since the run began; make the data set again`);
    }
    const sample = parsedJson(bytes.toString(), `a line of ${this.path}/samples.jsonl`) as SampleRecord;
    return { view: viewName(sample), frames: this.#framesOf(sample, architecture), ...tokenTexts(tokenizer, sample) };
  }

  #framesOf(sample: SampleRecord, a: Architecture): readonly Picture[] {
    const view = viewName(sample);
    const there = this.#recent.get(view);
    if (there) return there;
    const shown = framesShown(sample.frames.length, frameCount(a));
    const frames = shown.map((place) => {
      const file = readFileSync(join(this.path, framePath(sample.scene, sample.frames[place])));
      return framePicture(file, a.frame_size);
    });
    this.#recent.set(view, frames);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > RECENT_VIEWS) this.#recent.delete(oldest);
    return frames;
  }
}

function viewName({ scene, frames }: SampleRecord): string {
  return `${scene}/${frames.join()}`;
}

/** One frame shows what is asked about one frame; several show a video, be it by some of its frames. */
function isShown({ frames }: SampleRecord, a: Architecture): boolean {
  return frames.length === 1 || frameCount(a) > 1;
}
