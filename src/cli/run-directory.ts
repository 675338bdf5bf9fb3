/**
 * A run's folder: config.json, cold_start.jsonl and metrics.jsonl (a line a step), and the checkpoint. Lines are
 * appended as steps end, and checkpoint files replaced whole, so that a run that dies leaves a folder to go on from.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckpointFiles } from '../training/checkpoint';
import type { RunConfig } from '../training/config';
import type { RunPhase, StepMetrics } from '../training/report';

const LOGS: Readonly<Record<RunPhase, string>> = { cold_start: 'cold_start.jsonl', grpo: 'metrics.jsonl' };

export class RunDirectory {
  readonly path: string;

  /** @throws Error when the folder already holds a run, or cannot be written. */
  constructor(path: string, config: RunConfig) {
    this.path = path;
    if (existsSync(join(path, 'config.json'))) {
      throw new Error(`${path} already holds a run; name another folder with --out, or remove this one`);
    }
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
    for (const log of Object.values(LOGS)) writeFileSync(join(path, log), '');
  }

  log(phase: RunPhase, step: number, metrics: StepMetrics): void {
    appendFileSync(join(this.path, LOGS[phase]), `${JSON.stringify({ step, ...metrics })}\n`);
  }

  save(files: CheckpointFiles): void {
    for (const [name, bytes] of Object.entries(files)) {
      const path = join(this.path, name);
      writeFileSync(`${path}.part`, bytes);
      renameSync(`${path}.part`, path);
    }
  }
}

/** The files of a checkpoint folder. Throws an Error naming the folder when there is none. */
export function readCheckpointFolder(path: string): CheckpointFiles {
  if (!existsSync(path)) throw new Error(`there is no folder ${path}; name one that train has written`);
  const names = readdirSync(path).filter((name) => /\.(json|safetensors)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(path, name)))]));
}

/** The GRPO steps of a run's folder, in order. Throws an Error naming the file and the line that is not a step. */
export function readMetrics(path: string): StepMetrics[] {
  const file = join(path, LOGS.grpo);
  if (!existsSync(file)) throw new Error(`there is no ${file}; name a folder that train has written`);
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as StepMetrics;
    } catch (error) {
      throw new Error(`${file}: line ${index + 1} is not JSON; remove it`, { cause: error });
    }
  });
}
