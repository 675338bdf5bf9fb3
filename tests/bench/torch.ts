/**
 * The peer of the policy: a transformer of the same shape in PyTorch eager, by a script that is not part of this
 * repository. It takes its sizes as flags and prints the median milliseconds of a training step and of generation.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const INSTALL = 'apt-get install -y python3-torch libopenblas0-pthread';
/** Debian's own, for which apt installs PyTorch, before any other. */
const PYTHON = process.env.PYTHON ?? (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3');

/** The transformer and its batch, by the script's flags. */
interface TorchSize {
  readonly dim: number;
  readonly layers: number;
  readonly heads: number;
  readonly vocab: number;
  /** Sequences, tokens of each before generation, and tokens that are generated. */
  readonly batch: number;
  readonly tokens: number;
  readonly new: number;
  /** Steps that are timed. */
  readonly steps: number;
}

export interface TorchTimes {
  /** Version and device. */
  readonly runtime: string;
  /** Seconds. */
  readonly step: number;
  readonly generation: number;
}

/** Runs the script at `path` on the processor. Throws an Error that says what is missing. */
export function timeTorch(path: string, size: TorchSize): TorchTimes {
  if (!existsSync(path)) throw new Error(`there is no ${path}; name the script with --peer PATH`);
  const flags = Object.entries(size).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const result = spawnSync(PYTHON, [path, ...flags, '--device', 'cpu'], { encoding: 'utf8' });
  if (result.error) throw new Error(`${PYTHON} cannot be started; name a Python in PYTHON`, { cause: result.error });
  if (result.stderr.includes("No module named 'torch'")) {
    throw new Error(`${PYTHON} has no PyTorch; install it with "${INSTALL}", or name another Python in PYTHON`);
  }
  const found = /^(\S+ cpu x\d+) .*\| step ([\d.]+) ms.*\| generation ([\d.]+) ms/m.exec(result.stdout);
  if (result.status !== 0 || !found) {
    throw new Error(`${path} ended with ${String(result.status)}: ${result.stderr.trim().split('\n').at(-1)}`);
  }
  return { runtime: `PyTorch ${found[1]}`, step: Number(found[2]) / 1000, generation: Number(found[3]) / 1000 };
}
