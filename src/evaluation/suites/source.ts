/** A suite as it is evaluated: the questions that are asked, what they are, and what the blind baseline learns from. */
import type { BlindSample } from '../../datasets/blind-baseline';
import type { SampleRecord } from '../../datasets/canonical';
import { type Question, questionOf } from './question';

export interface SuiteSource {
  readonly name: string;
  readonly origin: 'synthetic' | 'real';
  /** Hash of the questions: figures compare where it is the same. */
  readonly fingerprint: string;
  readonly questions: readonly Question[];
  /** Samples of both splits with the categories that they name. */
  readonly blindSamples: readonly BlindSample[];
}

const TEST = 'test';

/** The suite of synthetic samples, of which the test split is asked where there is one. General ones have no frames. */
export async function sampleSuite(
  name: string,
  samples: readonly SampleRecord[],
  imagesOf: (sample: SampleRecord) => Promise<Uint8Array[]> = async () => [],
  categoriesOf: (sample: SampleRecord) => string[] = () => [],
): Promise<SuiteSource> {
  const test = samples.filter(({ split }) => split === TEST);
  const asked = test.length > 0 ? test : samples;
  return {
    name,
    origin: 'synthetic',
    fingerprint: await fingerprint(asked),
    questions: asked.map((sample) => questionOf(sample, () => imagesOf(sample))),
    blindSamples: samples.map((sample) => ({ ...sample, categories: [...new Set(categoriesOf(sample))].sort() })),
  };
}

/** Hash of what is asked, what is shown and what is right: the first 16 hexadecimal digits of a SHA-256. */
export async function fingerprint(samples: readonly SampleRecord[]): Promise<string> {
  const text = samples
    .map(({ id, task, question, options, answer, frames }) =>
      JSON.stringify([id, task, question, options, answer, frames]),
    )
    .join('');
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return [...hash.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
