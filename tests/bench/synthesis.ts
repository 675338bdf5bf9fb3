/**
 * How fast data sets are made: the `synthesize` command as a user starts it, with all its processes, timed from one of
 * its progress lines to another; its parts, timed in this process; and the memory that it takes.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DatasetFolder } from '../../src/cli/dataset-folder';
import type { DatasetPlan } from '../../src/datasets/plan';
import { synthesizeScene, type SynthesisPhase } from '../../src/datasets/scene-synthesis';
import { renderNormals, renderSoftware } from '../../src/rendering/software';
import { chooseCamera } from '../../src/scenes/camera';
import { roomMesh } from '../../src/scenes/room-mesh';
import { synthesizeRoom } from '../../src/scenes/room';
import { stream } from '../../src/random';
import { families } from '../../src/tasks/registry';
import { residentMemory } from './memory';
import { median } from './table';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SIDE = 256;
export const FRAMES = 16;
const SEED = 1;
const WARM_UP = 3;
const ROUNDS = 9;
const MEMORY_MS = 250;

export type Phase = SynthesisPhase | 'write';

/** Milliseconds of processor time, garbage collection included: the clock's tell more of what else a machine does. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Mean milliseconds of processor time a frame, by phase, over `scenes` scenes after some that warm up. */
export function timePhases(scenes: number): Map<Phase, number> {
  const out = mkdtempSync(join(tmpdir(), 'parallax-bench-'));
  const plan: DatasetPlan = {
    seed: SEED,
    scenes: WARM_UP + scenes,
    frames: FRAMES,
    width: SIDE,
    height: SIDE,
    tasks: families.map(({ name }) => name),
    split: { train: 1 },
  };
  const folder = new DatasetFolder(join(out, 'set'), plan, false);
  const spent = new Map<Phase, number>();
  const timed = <R>(phase: Phase, work: () => R): R => {
    const start = processorTime();
    const result = work();
    spent.set(phase, (spent.get(phase) ?? 0) + (processorTime() - start) / (scenes * FRAMES));
    return result;
  };
  for (let index = 0; index < plan.scenes; index++) {
    if (index === WARM_UP) spent.clear();
    const scene = synthesizeScene(plan, index, [], timed);
    timed('write', () => folder.writeScene(index, scene));
  }
  rmSync(out, { recursive: true });
  return spent;
}

/** Milliseconds of processor time that normals add to a frame. */
export function timeNormals(rooms: number): number {
  const views = Array.from({ length: rooms }, (_, seed) => {
    const { room } = synthesizeRoom(seed);
    const camera = chooseCamera(room, stream(seed, 'bench'), { width: SIDE, height: SIDE });
    return { mesh: roomMesh(room), camera };
  });
  const each = (render: typeof renderSoftware) => {
    const start = processorTime();
    for (const { mesh, camera } of views) render(mesh, camera);
    return (processorTime() - start) / rooms;
  };
  // In turns, so that both meet what else the machine does.
  const extra = Array.from({ length: ROUNDS }, () => each(renderNormals) - each(renderSoftware));
  return median(extra);
}

export interface CommandTimes {
  readonly framesPerSecond: number;
  /** From the start of the command to its end. */
  readonly seconds: number;
  /** Peak of all its processes together in each half of the time, MiB; null where the system does not tell. */
  readonly peaks: readonly [number, number] | null;
}

/** Runs `synthesize` with `scenes` scenes. Throws an Error with what it said when it fails. */
export async function timeCommand(scenes: number): Promise<CommandTimes> {
  const out = mkdtempSync(join(tmpdir(), 'parallax-bench-'));
  const start = performance.now();
  const size = `${SIDE}x${SIDE}`;
  const flags = ['--seed', SEED, '--scenes', scenes, '--frames', FRAMES, '--size', size, '--out', join(out, 'set')];
  const command = spawn(
    process.execPath,
    [process.argv[1], join(ROOT, 'src/cli/main.ts'), '--', 'synthesize', ...flags.map(String)],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const progress: { scenes: number; time: number }[] = [];
  createInterface({ input: command.stdout }).on('line', (line) => {
    const found = /^(\d+)\/\d+ scenes/.exec(line);
    if (found) progress.push({ scenes: Number(found[1]), time: performance.now() });
  });
  let complaint = '';
  command.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const memory: number[] = [];
  const watch = setInterval(() => memory.push(residentMemory(command.pid!)), MEMORY_MS);
  const code = await new Promise((resolve) => command.on('close', resolve));
  clearInterval(watch);
  const seconds = (performance.now() - start) / 1000;
  rmSync(out, { recursive: true });
  if (code !== 0) throw new Error(`synthesize ended with ${String(code)}: ${complaint.trim()}`);
  const [first, last] = [progress[0], progress.at(-1)];
  if (first === undefined || last === undefined || first === last) {
    throw new Error(`${scenes} scenes are made too quickly to be timed; take more with --scenes`);
  }
  return {
    framesPerSecond: (1000 * FRAMES * (last.scenes - first.scenes)) / (last.time - first.time),
    seconds,
    peaks: memory.every(Number.isFinite) ? halves(memory) : null,
  };
}

function halves(memory: readonly number[]): [number, number] {
  const middle = memory.length >> 1;
  return [Math.max(...memory.slice(0, middle)), Math.max(...memory.slice(middle))];
}
