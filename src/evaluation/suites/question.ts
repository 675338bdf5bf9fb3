/** A sample of a data set as the question of an evaluation: by which benchmark it is scored, and what is asked. */
import type { SampleRecord } from '../../datasets/canonical';
import { CV_TASKS } from '../../datasets/formats/cv-bench';
import { VSI_TASKS } from '../../datasets/formats/vsi-bench';
import { benchmarkPrompt } from '../../datasets/prompt';
import { letterOf } from '../../tasks/contract';
import type { Answer, Benchmark } from '../metrics/benchmark';
import { cvBenchmark } from '../metrics/cv-bench';
import { generalBenchmark } from '../metrics/general';
import { spatialBenchmark } from '../metrics/spatial';
import { vsiBenchmark } from '../metrics/vsi-bench';

/** CV-Bench's `source` of questions about synthetic rooms. */
const SYNTHETIC = 'Parallax';

/** A question of a suite. */
export interface Question {
  readonly sample: SampleRecord;
  readonly benchmark: Benchmark;
  /** The task by the benchmark's name for it. */
  readonly task: string;
  readonly source: string | null;
  /** The frames as PNG or JPEG files, in order. */
  images(): Promise<Uint8Array[]>;
}

/** The question of a lab's sample; `images` loads its frames. */
export function questionOf(sample: SampleRecord, images: () => Promise<Uint8Array[]>): Question {
  const cv = CV_TASKS[sample.task];
  const benchmark =
    sample.domain === 'general'
      ? generalBenchmark
      : cv
        ? cvBenchmark
        : VSI_TASKS.includes(sample.task)
          ? vsiBenchmark
          : spatialBenchmark;
  return { sample, benchmark, task: cv?.[1] ?? sample.task, source: cv ? SYNTHETIC : null, images };
}

/** What a general model is asked, after the frames: the benchmark's own wording. */
export function promptOf({ sample, benchmark }: Question): string {
  if (benchmark === cvBenchmark && sample.options !== null) {
    const choices = sample.options.map((option, index) => `(${letterOf(index)}) ${option}`);
    return `${sample.question} Select from the following choices.\n${choices.join('\n')}`;
  }
  const prompt = benchmarkPrompt(sample);
  return sample.frames.length > 1 ? `These are frames of a video.\n${prompt}` : prompt;
}

/** The question with the model's answer; null where it gave none. */
export function answerTo({ sample, task, source }: Question, prediction: string | null): Answer {
  const { id, answer: groundTruth, options, scene } = sample;
  // A general problem belongs to no scene.
  return { id, task, groundTruth, prediction, options, source, scene: scene === '' ? null : scene };
}
