/**
 * A run's folder: config.json, cold_start.jsonl and metrics.jsonl (a line a step), curriculum.jsonl where the run goes by
 * the curriculum's table (a line a GRPO step), and the checkpoint. Lines are appended as steps end, and a checkpoint's
 * files are put in place together, so that a run that dies leaves a folder to go on from.
 */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint, CheckpointFiles } from '../training/checkpoint';
import { readCheckpoint } from '../training/checkpoint';
import { parseRunConfig, type RunConfig } from '../training/config';
import type { CurriculumCell, RunPhase, StepMetrics } from '../training/report';
import { parsedJson } from './dataset-folder';

const CONFIG = 'config.json';
const STATE = 'trainer_state.json';
const LOGS: Readonly<Record<RunPhase, string>> = { cold_start: 'cold_start.jsonl', grpo: 'metrics.jsonl' };
const CURRICULUM = 'curriculum.jsonl';
/** There while the files of a checkpoint, all written, are put in place one after the other. */
const READY = 'checkpoint.ready';

/** Whether the table of task by difficulty decides what a run asks, or what counts. */
function usesCurriculum({ dynamic_optimization }: RunConfig): boolean {
  return dynamic_optimization.curriculum || dynamic_optimization.sample_weights;
}

export class RunDirectory {
  readonly path: string;
  private readonly logsCurriculum: boolean;

  private constructor(path: string, config: RunConfig) {
    this.path = path;
    this.logsCurriculum = usesCurriculum(config);
  }

  /** @throws Error when the folder already holds a run, or cannot be written. */
  static create(path: string, config: RunConfig): RunDirectory {
    if (existsSync(join(path, CONFIG))) {
      throw new Error(`${path} already holds a run; go on with it with --resume, or name another folder with --out`);
    }
    mkdirSync(path, { recursive: true });
    for (const log of Object.values(LOGS)) writeFileSync(join(path, log), '');
    // Last: where it is, there is a run to go on with.
    writeFileSync(join(path, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
    return new RunDirectory(path, config);
  }

  /**
   * An interrupted run's folder, set back to its checkpoint: the steps after it are taken out of the logs. The
   * checkpoint is null where the run died before the first one.
   * @throws Error when there is no run, or naming the file of it that is damaged.
   */
  static resume(path: string): { directory: RunDirectory; config: RunConfig; checkpoint: Checkpoint | null } {
    // A policy's folder has a config too, and no log.
    if (![CONFIG, LOGS.cold_start].every((file) => existsSync(join(path, file)))) {
      throw new Error(`${path} holds no run to go on with; start one without --resume`);
    }
    settle(path);
    const { config, checkpoint } = RunDirectory.read(path);
    const { phase, step } = checkpoint ?? { phase: 'cold_start', step: 0 };
    keepSteps(join(path, LOGS.cold_start), phase === 'grpo' ? config.cold_start.steps : step);
    keepSteps(join(path, LOGS.grpo), phase === 'grpo' ? step : 0);
    if (usesCurriculum(config)) keepSteps(join(path, CURRICULUM), phase === 'grpo' ? step : 0);
    return { directory: new RunDirectory(path, config), config, checkpoint };
  }

  /** The config of the run in a folder, and its checkpoint; null before the first one. */
  static read(path: string): { config: RunConfig; checkpoint: Checkpoint | null } {
    const checkpoint = existsSync(join(path, STATE)) ? readCheckpoint(readCheckpointFolder(path), path) : null;
    return { config: checkpoint?.config ?? readConfig(join(path, CONFIG)), checkpoint };
  }

  log(phase: RunPhase, step: number, metrics: StepMetrics): void {
    appendFileSync(join(this.path, LOGS[phase]), `${JSON.stringify({ step, ...metrics })}\n`);
  }

  /** Logs the curriculum's table after GRPO step `step`; only where the run goes by it. */
  logCurriculum(step: number, cells: readonly CurriculumCell[]): void {
    if (this.logsCurriculum) appendFileSync(join(this.path, CURRICULUM), `${JSON.stringify({ step, cells })}\n`);
  }

  save(files: CheckpointFiles): void {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(this.path, `${name}.part`), bytes);
    writeFileSync(join(this.path, READY), '');
    settle(this.path);
  }
}

function readConfig(file: string): RunConfig {
  return parseRunConfig(parsedJson(readFileSync(file, 'utf8'), file, 'begin the run again in another folder'), file);
}

/** Puts a checkpoint in place whose files are all written, and removes files of one that was cut short. */
function settle(path: string): void {
  const ready = existsSync(join(path, READY));
  for (const part of readdirSync(path).filter((name) => name.endsWith('.part'))) {
    if (ready) renameSync(join(path, part), join(path, part.slice(0, -'.part'.length)));
    else rmSync(join(path, part));
  }
  rmSync(join(path, READY), { force: true });
}

/** Cuts a log after the first `steps` steps. */
function keepSteps(log: string, steps: number): void {
  const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, steps) : [];
  writeFileSync(log, lines.map((line) => `${line}\n`).join(''));
}

/** The files of a checkpoint folder. Throws an Error naming the folder when there is none, or a save was cut short. */
export function readCheckpointFolder(path: string): CheckpointFiles {
  if (!existsSync(path)) throw new Error(`there is no folder ${path}; name that of a run or a policy`);
  if (existsSync(join(path, READY))) {
    throw new Error(`${path} was interrupted while it saved; go on with it with --resume`);
  }
  const names = readdirSync(path).filter((name) => /\.(json|safetensors)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(path, name)))]));
}

/**
 * The steps of a run's folder, in order: its GRPO steps, or those of another log. Lines that are of no step are left out.
 * @throws Error naming the file and the line that is not JSON.
 */
export function readMetrics(path: string, log: string = LOGS.grpo): StepMetrics[] {
  const file = join(path, log);
  if (!existsSync(file)) throw new Error(`there is no ${file}; name a folder that holds one`);
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const all = lines.map((line, index) => {
    try {
      return JSON.parse(line) as StepMetrics;
    } catch (error) {
      throw new Error(`${file}: line ${index + 1} is not JSON; remove it`, { cause: error });
    }
  });
  return all.filter((metrics) => 'step' in metrics);
}
