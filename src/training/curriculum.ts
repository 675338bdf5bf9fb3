/**
 * The curriculum of step-wise dynamic optimization: which task and how hard a question, by the policy's online accuracy.
 *
 * A table holds a cell for each task and level of difficulty, with a running accuracy. Each task begins at its easiest
 * level; the next one opens once the accuracy of the one below it reaches `unlock_accuracy`, and closes again if that is
 * lost. Among open levels the share goes by what there is to learn there (sample-weights.ts): levels that are mastered, or
 * out of reach, fade but never vanish. A share `exploration` goes to all levels alike, so that closed ones are measured.
 * Tasks keep the shares that the data's config gives them, and optionally a step asks one task alone.
 *
 * Source: M2-Reasoning orders tasks by difficulty, samples them by online accuracy and, as reported, keeps each batch to one
 * task; the rules above are ours.
 */
import { z } from 'zod';
import { type RandomStream, stream } from '../random';
import type { RunConfig } from './config';
import { tasksByDomain } from './data-config';
import type { CurriculumCell } from './report';
import { learningValue } from './sample-weights';

/** What is asked for in one place of a step; null leaves it to the data's shares, or to chance. */
export interface Slot {
  readonly task: string | null;
  readonly level: number | null;
}

/** How a group of completions went. */
export interface Outcome {
  readonly task: string;
  readonly level: number;
  /** The level that was asked for, where one was. */
  readonly wanted: number | null;
  /** Mean accuracy of the group, in [0, 1]. */
  readonly accuracy: number;
}

/** The table as checkpoints hold it: cells that were asked for or seen. */
export const curriculumStateSchema = z.array(
  z.strictObject({
    task: z.string(),
    level: z.int().min(0),
    accuracy: z.number().min(0).max(1),
    groups: z.int().min(0),
    misses: z.int().min(0),
  }),
);
export type CurriculumState = z.infer<typeof curriculumStateSchema>;

type Cell = CurriculumState[number];

/** A level that was asked for so often in vain does not occur in a task's questions. */
const MISSES = 3;
/** Accuracy that a level is taken to have before it is seen: the one at which there is most to learn. */
const UNSEEN = 0.5;

/** The level, from 0, of a question's difficulty in [0, 1]. */
export function levelOf(difficulty: number, levels: number): number {
  return Math.min(levels - 1, Math.floor(difficulty * levels));
}

/** Each task's share of the questions: uniform within its domain. */
function taskShares({ tasks, general_share }: RunConfig['data']): ReadonlyMap<string, number> {
  const { spatial, general } = tasksByDomain(tasks);
  return new Map([
    ...spatial.map((task) => [task, (1 - general_share) / spatial.length] as const),
    ...general.map((task) => [task, general_share / general.length] as const),
  ]);
}

/** A key of `shares`, which add up to 1, drawn by its share. */
function pickByShare<T>(shares: Iterable<readonly [T, number]>, random: RandomStream): T {
  const entries = [...shares].filter(([, share]) => share > 0);
  let left = random.next();
  const found = entries.find(([, share]) => (left -= share) < 0);
  // Rounding may leave a little beyond the last.
  return (found ?? entries[entries.length - 1])[0];
}

export class Curriculum {
  private readonly config: RunConfig;
  private readonly tasks: ReadonlyMap<string, number>;
  private readonly cells: ReadonlyMap<string, Cell[]>;

  /**
   * @param state the table of a run to go on with; cells of tasks that the config no longer names are dropped.
   * @throws Error when the state has more levels than the config.
   */
  constructor(config: RunConfig, state: CurriculumState = []) {
    const levels = config.dynamic_optimization.difficulty_levels;
    this.config = config;
    this.tasks = taskShares(config.data);
    this.cells = new Map(
      [...this.tasks.keys()].map((task) => [
        task,
        Array.from({ length: levels }, (_, level) => ({ task, level, accuracy: 0, groups: 0, misses: 0 })),
      ]),
    );
    for (const cell of state) {
      if (cell.level >= levels) {
        throw new Error(
          `the checkpoint's curriculum has a level ${cell.level + 1} of ${cell.task}, but the config has ${levels}; ` +
            'set dynamic_optimization.difficulty_levels back to what it was',
        );
      }
      const row = this.cells.get(cell.task);
      if (row) row[cell.level] = { ...cell };
    }
  }

  get state(): CurriculumState {
    return [...this.cells.values()].flat().filter(({ groups, misses }) => groups + misses > 0);
  }

  /** What to ask in each place of step `step`. */
  slots(step: number, count: number): Slot[] {
    const { curriculum, one_task_per_batch } = this.config.dynamic_optimization;
    const random = stream(this.config.seed, 'curriculum', step);
    const shared = one_task_per_batch ? pickByShare(this.tasks, random) : null;
    return Array.from({ length: count }, () => {
      if (!curriculum) return { task: shared, level: null };
      const task = shared ?? pickByShare(this.tasks, random);
      return { task, level: pickByShare(this.levelShares(task).entries(), random) };
    });
  }

  /** Takes in how a step's groups went, in order. */
  observe(outcomes: readonly Outcome[]): void {
    const { accuracy_momentum } = this.config.dynamic_optimization;
    for (const { task, level, wanted, accuracy } of outcomes) {
      const row = this.cells.get(task);
      if (!row) throw new Error(`the curriculum has no task "${task}"`);
      const cell = row[level];
      cell.accuracy =
        cell.groups === 0 ? accuracy : accuracy_momentum * cell.accuracy + (1 - accuracy_momentum) * accuracy;
      cell.groups++;
      if (wanted !== null && wanted !== level) row[wanted].misses++;
    }
  }

  /** The table as the next step will use it. */
  table(): CurriculumCell[] {
    const { curriculum, sample_weights, min_sample_weight } = this.config.dynamic_optimization;
    return [...this.tasks].flatMap(([task, taskShare]) => {
      const shares = curriculum ? this.levelShares(task) : null;
      return this.row(task).map(({ level, accuracy, groups }): CurriculumCell => {
        const seen = groups > 0;
        return {
          task,
          level,
          groups,
          accuracy: seen ? accuracy : null,
          share: shares && taskShare * shares[level],
          weight: !sample_weights ? 1 : seen ? learningValue(accuracy, min_sample_weight) : null,
        };
      });
    });
  }

  /** Each level's share of a task's questions. */
  private levelShares(task: string): number[] {
    const { exploration, min_sample_weight } = this.config.dynamic_optimization;
    const row = this.row(task);
    const open = this.openLevels(row);
    // The smallest minimum keeps a level at accuracy 0 or 1 from dividing by nothing.
    const minimum = Math.max(min_sample_weight, 1e-6);
    const values = row.map(({ accuracy, groups }, level) =>
      open[level] ? learningValue(groups > 0 ? accuracy : UNSEEN, minimum) : 0,
    );
    const total = values.reduce((sum, value) => sum + value, 0);
    return values.map((value) => exploration / row.length + ((1 - exploration) * value) / total);
  }

  /** From the easiest level up to the first that is not yet mastered. Levels that do not occur are stepped over. */
  private openLevels(row: readonly Cell[]): boolean[] {
    const { unlock_accuracy } = this.config.dynamic_optimization;
    const absent = row.map(({ groups, misses }) => groups === 0 && misses >= MISSES);
    let barred = false;
    const open = row.map(({ groups, accuracy }, level) => {
      if (barred || absent[level]) return false;
      barred = groups === 0 || accuracy < unlock_accuracy;
      return true;
    });
    // Where no level ever occurred there is nothing to go by.
    return open.some(Boolean) ? open : row.map(() => true);
  }

  private row(task: string): readonly Cell[] {
    const row = this.cells.get(task);
    if (!row) throw new Error(`the curriculum has no task "${task}"`);
    return row;
  }
}
