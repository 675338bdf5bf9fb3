/** A sample as a benchmark's prompt: the question, its lettered options, and how to answer. */
import { letterOf, promptText } from '../tasks/contract';
import type { SampleRecord } from './canonical';

/** VSI-Bench's and lmms-eval's instruction after the question. */
function instruction({ kind }: Pick<SampleRecord, 'kind'>): string {
  return kind === 'choice'
    ? "Answer with the option's letter from the given choices directly."
    : 'Please answer the question using a single word or phrase.';
}

/** Question, options and instruction, a line each; without images. */
export function benchmarkPrompt(sample: Pick<SampleRecord, 'kind' | 'question' | 'options'>): string {
  return `${promptText(sample)}\n${instruction(sample)}`;
}

/** The same after one `<image>` placeholder for each frame of the sample. */
export function promptWithImages(sample: SampleRecord): string {
  return `${'<image>'.repeat(sample.frames.length)}\n${benchmarkPrompt(sample)}`;
}

/** Options as the benchmarks list them: 'A. chair'. */
export function letteredOptions(options: readonly string[] | null): string[] | null {
  return options && options.map((option, index) => `${letterOf(index)}. ${option}`);
}
