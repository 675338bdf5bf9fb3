/**
 * General samples: filtered questions by seed, index, family and difficulty, and as records of a data set. They belong
 * to no scene and show no frame.
 */
import type { SampleRecord } from '../../datasets/canonical';
import { stream } from '../../random';
import { promptText } from '../contract';
import type { Question } from '../family';
import { LENGTH_LIMITS, type LengthLimits, rejectionOf } from './filters';
import { generalFamilyNamed } from './registry';

/** A general question with its name. */
export interface GeneralSample {
  /** Task, seed and index. */
  readonly id: string;
  readonly question: Question;
}

/** After so many draws that are too long, the difficulty asks for what the length limits forbid. */
const MAX_DRAWS = 100;
/** After so many draws for each distinct problem, a family is taken to have no more. */
const MAX_REPEATS = 4;

/**
 * The sample that a seed, an index, the name of a general family and a difficulty in [0, 1] fix. Questions beyond the
 * length limits are drawn again.
 * @throws RangeError on a difficulty out of range, Error on an unknown task, when all draws are beyond the limits, and,
 *   naming the step, when the checker disagrees with the family: one of the two is wrong then.
 */
export function generalSample(
  seed: number,
  index: number,
  task: string,
  difficulty: number,
  limits: LengthLimits = LENGTH_LIMITS,
): GeneralSample {
  const family = generalFamilyNamed(task);
  const random = stream(seed, 'general', task, index);
  const id = `${task}-${seed}-${index}`;
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const question = family.ask(difficulty, random);
    const rejection = rejectionOf(question, limits);
    if (rejection === null) return { id, question };
    if (rejection.filter !== 'length')
      throw new Error(`${id} fails the ${rejection.filter} filter: ${rejection.reason}`);
  }
  throw new Error(
    `${MAX_DRAWS} questions of ${task} at difficulty ${difficulty} were too long or too short; widen the limits`,
  );
}

/**
 * The first `count` samples of a seed, from index 0, of which no two ask the same: what a data set holds. Draw them
 * before they are divided into splits, so that no split asks what another does.
 * @throws Error when the family has hardly so many problems at this difficulty; otherwise as `generalSample`.
 */
export function distinctGeneralSamples(seed: number, count: number, task: string, difficulty: number): GeneralSample[] {
  const samples = new Map<string, GeneralSample>();
  for (let index = 0; samples.size < count; index++) {
    if (index >= MAX_REPEATS * count) {
      throw new Error(
        `${task} has hardly ${count} problems at difficulty ${difficulty}; ask for fewer, or harder ones`,
      );
    }
    const sample = generalSample(seed, index, task, difficulty);
    const prompt = promptText(sample.question);
    if (!samples.has(prompt)) samples.set(prompt, sample);
  }
  return [...samples.values()];
}

/** The sample as a line of a data set's samples. `scene` is empty: there is none. */
export function generalRecord({ id, question }: GeneralSample, split: string): SampleRecord {
  const { answerValue, ...rest } = question;
  return { ...rest, id, scene: '', split, domain: 'general', answer_value: answerValue, frames: [] };
}
