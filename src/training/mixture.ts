/**
 * Samples of both domains in the shares that a run's config names. A general sample has nothing to show: the policy
 * sees a blank frame.
 */
import { type Architecture, frameCount } from '../policy/parameters';
import { stream } from '../random';
import type { Question } from '../tasks/family';
import { videoTaskNames } from '../tasks/registry';
import { generalSample } from '../tasks/general/sample';
import { synthesizeSample } from '../tasks/sample';
import { type DataConfig, tasksByDomain } from './data-config';
import type { View } from './frames';

/** A question and what the policy sees with it. */
export interface TrainingSample {
  readonly id: string;
  readonly question: Question;
  /** In order; none for a blank frame. */
  readonly frames: readonly View[];
}

/** The most frames that a sample of the data shows a policy: all that it sees where a family asks about videos, else one. */
export function mostFrames({ tasks }: Pick<DataConfig, 'tasks'>, a: Architecture): number {
  return tasks.some((task) => videoTaskNames.includes(task)) ? frameCount(a) : 1;
}

/**
 * The sample that `seed` fixes, its frames as the policy sees them: a walk's for a question about a video, else one. Which domain it is of is drawn from a stream of
 * its own: without general tasks it is `synthesizeSample`'s.
 * @param difficulty range that a general sample's is drawn from; as far as `general_difficulty` allows.
 */
export function drawSample(
  seed: number,
  { tasks, general_share, general_difficulty }: DataConfig,
  { frame_size: size, frames = 1 }: Pick<Architecture, 'frame_size' | 'frames'>,
  difficulty: { readonly from: number; readonly to: number } = { from: 0, to: 1 },
): TrainingSample {
  const { spatial, general } = tasksByDomain(tasks);
  const random = stream(seed, 'domain');
  if (random.next() < general_share) {
    const task = random.pick(general);
    const [from, to] = [difficulty.from, difficulty.to].map((bound) => Math.min(bound, general_difficulty));
    return { ...generalSample(seed, 0, task, random.uniform(from, to)), frames: [] };
  }
  const { id, question, mesh, cameras } = synthesizeSample(seed, { tasks: spatial, width: size, height: size, frames });
  return { id, question, frames: cameras.map((camera) => ({ mesh, camera })) };
}
