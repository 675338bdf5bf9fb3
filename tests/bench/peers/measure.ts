/**
 * Times the training steps of one library: the first with its compilation, two more to warm up, then the median.
 */
import type { PeerSize } from '../sizes';
import { median } from '../table';
import { makeProblem, type Peer, type Problem } from './problem';

const WARM_UP = 3;

/** Loaded when needed, so that no library's start-up disturbs another's. */
const PEERS: Readonly<Record<string, () => Promise<(problem: Problem) => Promise<Peer>>>> = {
  ours: async () => (await import('./ours')).ours,
  jax: async () => (await import('./jax')).jax,
  tfjs: async () => (await import('./tfjs')).tfjs,
};

export const PEER_NAMES = Object.keys(PEERS);

export interface PeerTimes {
  readonly name: string;
  readonly weights: number;
  /** Losses of the warm-up steps. From the second on they depend on the gradients and on AdamW. */
  readonly losses: readonly number[];
  readonly firstMilliseconds: number;
  readonly milliseconds: number;
}

export async function timePeer(which: string, size: PeerSize): Promise<PeerTimes> {
  const problem = makeProblem(size);
  const create = await PEERS[which]();
  const start = performance.now();
  const peer = await create(problem);
  const losses: number[] = [await peer.step()];
  const firstMilliseconds = performance.now() - start;
  while (losses.length < WARM_UP) losses.push(await peer.step());
  const times: number[] = [];
  for (let step = 0; step < size.steps; step++) {
    const before = performance.now();
    await peer.step();
    times.push(performance.now() - before);
  }
  return {
    name: peer.name,
    weights: Object.values(problem.weights).reduce((sum, { length }) => sum + length, 0),
    losses,
    firstMilliseconds,
    milliseconds: median(times),
  };
}
