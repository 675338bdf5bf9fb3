/**
 * The held-out questions that all policies of an experiment are asked: about rooms of their own, as many of each family
 * as the rooms give, frozen by a seed.
 *
 * No run trains on these rooms. A room follows from a 32-bit seed; those here are hashed from (SEED, 'scene', index,
 * attempt), those of GRPO from (hash of (run's seed, 'grpo', step, place, …), 'room', view), and those of a cold start's
 * data set from that set's own seed. The paths never agree, so that only a collision of the hash could bring a room twice:
 * among 1,000 rooms here and 100,000 trained on there is one in 1 of 40 cases.
 */
import type { DatasetPlan } from '../../datasets/plan';
import { groupBy } from '../../group-by';
import type { Architecture } from '../../policy/parameters';
import { promptTokens } from '../../policy/question-tokens';
import type { Tokenizer } from '../../policy/tokenizer';
import { stream } from '../../random';
import type { RunConfig } from '../../training/config';
import { tasksByDomain } from '../../training/data-config';
import { unreadable } from '../models/policy-input';
import type { Question } from '../suites/question';

const SEED = 20251121;

/**
 * Rooms for `count` questions, seen as the policy sees them: of the spatial families that the config trains on and those that
 * the starting policy was taught, so that it shows what training on some does to the others. There is a room for each
 * question, so that few questions share one: answers about one room stand or fall together.
 * @param taught families of the starting policy.
 * @throws Error when the config names general families only.
 */
export function heldOutPlan({ data, policy }: RunConfig, taught: readonly string[], count: number): DatasetPlan {
  const trained = tasksByDomain(data.tasks).spatial;
  if (trained.length === 0) {
    throw new Error('data.tasks names general families only; the comparison is of spatial ones: name some');
  }
  const tasks = [...new Set([...trained, ...tasksByDomain([...taught]).spatial])];
  const { frame_size, frames } = policy;
  return { seed: SEED, scenes: count, frames, width: frame_size, height: frame_size, tasks, split: { test: 1 } };
}

/**
 * `count` of the questions that the policy has room for, the families taken in turn, so that rare ones are all there, and
 * each time a question about the room that is asked about least; fewer where there are no more. The answer depends on the
 * questions, the tokenizer and the policy's sizes alone.
 */
export function chooseHeldOut(
  questions: readonly Question[],
  count: number,
  tokenizer: Tokenizer,
  architecture: Architecture,
): Question[] {
  const readable = questions.filter(
    (question) => unreadable(question, promptTokens(tokenizer, question.sample), architecture) === null,
  );
  let families = [...groupBy(readable, ({ sample }) => sample.task)].map(([task, own]) =>
    stream(SEED, 'held-out', task).shuffle(own),
  );
  const chosen: Question[] = [];
  const uses = new Map<string, number>();
  const usesOf = ({ sample }: Question) => uses.get(sample.scene) ?? 0;
  while (families.length > 0 && chosen.length < count) {
    for (const own of families.slice(0, count - chosen.length)) {
      const best = own.reduce((fewest, other) => (usesOf(other) < usesOf(fewest) ? other : fewest));
      own.splice(own.indexOf(best), 1);
      uses.set(best.sample.scene, usesOf(best) + 1);
      chosen.push(best);
    }
    families = families.filter((own) => own.length > 0);
  }
  return chosen;
}
