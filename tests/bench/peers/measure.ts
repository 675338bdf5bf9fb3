/**
 * Times the training steps of one library: the first with its compilation, two more to warm up, then the median. The
 * last step of the warm-up is also watched for what it sends to the GPU.
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
  /** Compute dispatches of a step. */
  readonly dispatches: number;
}

/** What `body` gives, and how many compute dispatches the page encoded meanwhile. */
async function countDispatches<T>(body: () => Promise<T>): Promise<[T, number]> {
  const pass = GPUComputePassEncoder.prototype;
  const { dispatchWorkgroups, dispatchWorkgroupsIndirect } = pass;
  let count = 0;
  pass.dispatchWorkgroups = function (...args) {
    count++;
    return dispatchWorkgroups.apply(this, args);
  };
  pass.dispatchWorkgroupsIndirect = function (...args) {
    count++;
    return dispatchWorkgroupsIndirect.apply(this, args);
  };
  try {
    return [await body(), count];
  } finally {
    Object.assign(pass, { dispatchWorkgroups, dispatchWorkgroupsIndirect });
  }
}

export async function timePeer(which: string, size: PeerSize): Promise<PeerTimes> {
  const problem = makeProblem(size);
  const create = await PEERS[which]();
  const start = performance.now();
  const peer = await create(problem);
  const losses: number[] = [await peer.step()];
  const firstMilliseconds = performance.now() - start;
  while (losses.length < WARM_UP - 1) losses.push(await peer.step());
  const [loss, dispatches] = await countDispatches(() => peer.step());
  if (dispatches === 0) throw new Error(`${peer.name} did not compute on the GPU`);
  losses.push(loss);
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
    dispatches,
  };
}
