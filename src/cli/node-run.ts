/**
 * Runs on the node backend, in this process, and how they are followed: a run's folder gets its logs and checkpoints, the
 * terminal a line a step.
 */
import { availableParallelism } from 'node:os';
import type { Backend } from '../backends/backend';
import { checkpointFiles, type CheckpointFiles } from '../training/checkpoint';
import type { RunConfig } from '../training/config';
import { softwareFrames } from '../training/frames';
import type { Peers } from '../training/peers';
import type { CurriculumCell, RunPhase, StepMetrics } from '../training/report';
import { type RunOptions, TrainingRun } from '../training/run';
import { weightCount } from '../policy/weights';
import { openStartingPolicy } from './policy-folder';
import { notedData, openData } from './run-data';
import { leadPeers } from './peer-processes';
import { RunDirectory } from './run-directory';
import type { TrainingData } from './training-data';

/** What a run tells whoever follows it. */
export interface RunFollower {
  onDetail(detail: string): void;
  onStep(phase: RunPhase, step: number, metrics: StepMetrics): void;
  /** The curriculum's table after a GRPO step. */
  onCurriculum(step: number, cells: readonly CurriculumCell[]): void;
  onCheckpoint(files: CheckpointFiles): void;
}

/**
 * Logs and saves in `directory`.
 * @param tell puts a step on the terminal.
 * @param prefix of details there.
 */
export function followerOf(directory: RunDirectory, tell: RunFollower['onStep'], prefix = ''): RunFollower {
  return {
    onDetail: (detail) => console.log(prefix + detail),
    onStep: (phase, step, metrics) => {
      directory.log(phase, step, metrics);
      tell(phase, step, metrics);
    },
    onCurriculum: (step, cells) => directory.logCurriculum(step, cells),
    onCheckpoint: (files) => directory.save(files),
  };
}

/**
 * Trains on the node backend, to the end.
 * @param options.processes that compute on this machine at the same time; default: those that train together.
 */
export async function trainInProcess(
  config: RunConfig,
  follower: RunFollower,
  options: Pick<RunOptions, 'checkpoint' | 'policy' | 'samples' | 'peers'> & { readonly processes?: number } = {},
): Promise<void> {
  const backend = await backendBeside(options.processes ?? options.peers?.size ?? 1);
  follower.onDetail(`${backend.description.runtime} on ${backend.description.adapter}`);
  const frames = softwareFrames(backend, config.policy.frame_size);
  const run = new TrainingRun(backend, config, frames, { ...options, onPrepare: follower.onDetail });
  follower.onDetail(`${weightCount(run.context.architecture).toLocaleString('en')} weights`);
  for (const note of run.notes) follower.onDetail(note);
  const save = async () => follower.onCheckpoint(checkpointFiles(await run.checkpoint()));
  let saved = false;
  while (!run.finished) {
    const { phase, step, metrics, curriculum } = await run.next();
    follower.onStep(phase, step, metrics);
    if (curriculum.length > 0) follower.onCurriculum(step, curriculum);
    saved = step % config.save_steps === 0;
    if (saved) await save();
  }
  // Also a run of no steps.
  if (!saved) await save();
  await backend.dispose();
}

/** A node backend for one of `count` processes on this machine. */
export async function backendBeside(count: number): Promise<Backend> {
  const { createNodeBackend } = await import('../backends/node');
  return createNodeBackend(count > 1 ? { threads: Math.max(1, Math.floor(availableParallelism() / count)) } : {});
}

/** Where the run in `out` goes on from, and the data set that it was begun with; null for none. */
async function openRun(
  out: string,
  { config, checkpoint }: ReturnType<typeof RunDirectory.read>,
): Promise<{ start: Pick<RunOptions, 'checkpoint' | 'policy'>; data: TrainingData | null }> {
  const start = checkpoint ? { checkpoint } : { policy: openStartingPolicy(config)?.policy };
  const path = notedData(out);
  return { start, data: path === null ? null : await openData(path, config, start) };
}

/** Takes the steps of the run in `out` beside the process that writes it, to the end of the cold start. */
export async function trainBeside(out: string, peers: Peers): Promise<void> {
  const begun = RunDirectory.read(out);
  const { config } = begun;
  const { start, data } = await openRun(out, begun);
  const backend = await backendBeside(peers.size);
  const frames = softwareFrames(backend, config.policy.frame_size);
  const run = new TrainingRun(backend, config, frames, { ...start, samples: data?.samples, peers });
  while (run.phase === 'cold_start') await run.next();
  data?.close();
  await backend.dispose();
}

/** Goes on to the end with a run that was interrupted, on the data set that it was begun with. */
export async function goOn(
  begun: ReturnType<typeof RunDirectory.resume>,
  tell: RunFollower['onStep'],
  processes = 1,
): Promise<void> {
  const { directory, config, checkpoint } = begun;
  const { start, data } = await openRun(directory.path, begun);
  if (checkpoint) console.log(`Going on after ${checkpoint.phase} ${checkpoint.step}`);
  await trainOn(data, directory, config, tell, start, processes);
}

/**
 * Trains in the run's folder to the end, on a data set or, without one, on samples that are drawn. Closes the data set.
 * @param processes that compute the gradients of the cold start; then there is to be no GRPO step.
 */
export async function trainOn(
  data: TrainingData | null,
  directory: RunDirectory,
  config: RunConfig,
  tell: RunFollower['onStep'],
  start: Pick<RunOptions, 'checkpoint' | 'policy'>,
  processes = 1,
): Promise<void> {
  const peers = processes > 1 ? leadPeers(['coldstart', '--out', directory.path], processes) : undefined;
  try {
    await trainInProcess(config, followerOf(directory, tell), { ...start, samples: data?.samples, peers });
  } finally {
    peers?.end();
    data?.close();
  }
  console.log(`Wrote ${directory.path}`);
}
