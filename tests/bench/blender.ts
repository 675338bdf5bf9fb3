/**
 * The peer of the synthesizer: Blender, driven by a script that is not part of this repository. It makes a room of
 * twelve objects anew for each frame, draws colour, planar depth and object ids, writes and reads them, and prints
 * `RESULT` with JSON of its mean seconds a frame by the clock (`frame_mean`) and of processor time (`cpu`), and its peak
 * memory in MiB (`maxrss`).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const BLENDER = process.env.BLENDER ?? 'blender';

/** Engines by what they are compared as, with the frames that are timed; each has its warm-up. */
export const ENGINES = {
  'Cycles, 16 samples': ['--engine', 'CYCLES', '--spp', '16', '--n', '6', '--warm', '2'],
  'Workbench, no anti-aliasing': ['--engine', 'BLENDER_WORKBENCH', '--spp', '1', '--n', '60', '--warm', '5'],
} as const;

export interface PeerFrames {
  readonly framesPerSecond: number;
  /** Processor time of all its threads, milliseconds. */
  readonly processor: number;
  /** Peak, MiB. */
  readonly peak: number;
}

const resultSchema = z.object({ frame_mean: z.number().positive(), cpu: z.number(), maxrss: z.number() });

/** Times `engine` with the script at `path`, drawing in software. Throws an Error that says what is missing. */
export async function timeBlender(path: string, engine: keyof typeof ENGINES): Promise<PeerFrames> {
  if (!existsSync(path)) throw new Error(`there is no ${path}; name the script with --peer PATH`);
  const out = mkdtempSync(join(tmpdir(), 'parallax-bench-'));
  const flags = ['-b', '--factory-startup', '-noaudio', '--python-exit-code', '1', '-P', path, '--'];
  const blender = spawn(BLENDER, [...flags, ...ENGINES[engine], '--res', '256', '--out', out], {
    env: { ...process.env, LIBGL_ALWAYS_SOFTWARE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let complained = '';
  blender.stdout.on('data', (text: Buffer) => (said += text.toString()));
  blender.stderr.on('data', (text: Buffer) => (complained += text.toString()));
  try {
    const code = await new Promise((resolve, reject) => {
      blender.on('error', (error) =>
        reject(new Error(`${BLENDER} cannot be started; install Blender or name it in BLENDER`, { cause: error })),
      );
      blender.on('close', resolve);
    });
    const result = /^RESULT (.*)$/m.exec(said)?.[1];
    if (code !== 0 || result === undefined) {
      throw new Error(`Blender ended with ${String(code)}: ${complained.trim().split('\n').at(-1)}`);
    }
    const { frame_mean, cpu, maxrss } = resultSchema.parse(JSON.parse(result));
    return { framesPerSecond: 1 / frame_mean, processor: 1000 * cpu, peak: maxrss };
  } finally {
    rmSync(out, { recursive: true });
  }
}
