/**
 * What a training step tells the outside world.
 */

export type RunPhase = 'cold_start' | 'grpo';

/** Metrics of a step, by TRL's names. */
export type StepMetrics = Readonly<Record<string, number>>;

/** A picture as raw pixels: sRGB, 4 bytes a pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** One completion of a step, for the table. */
export interface CompletionRow {
  readonly step: number;
  /** Which group of the step the completion belongs to. */
  readonly group: number;
  readonly task: string;
  readonly prompt: string;
  readonly completion: string;
  readonly truth: string;
  /** What stands between the answer tags; null when there is no answer. */
  readonly answer: string | null;
  /** By reward function: ednm or exact_match, format. */
  readonly rewards: Readonly<Record<string, number>>;
  readonly reward: number;
  readonly advantage: number;
}

/** A cell of the curriculum's table: a task at a level of difficulty, after the step. */
export interface CurriculumCell {
  readonly task: string;
  /** From 0, the easiest; the difficulty, in [0, 1], is divided evenly into dynamic_optimization.difficulty_levels. */
  readonly level: number;
  /** Groups of completions seen so far. */
  readonly groups: number;
  /** Running mean of the groups' accuracy, in [0, 1]; null before the first. */
  readonly accuracy: number | null;
  /** Share of the next step's questions, over all cells 1; null where the curriculum is off and difficulty is left to chance. */
  readonly share: number | null;
  /** What a group of this accuracy counts in the loss: 1 where sample weights are off, null before the first group. */
  readonly weight: number | null;
}

/** A finished step. */
export interface StepReport {
  readonly phase: RunPhase;
  /** From 1. */
  readonly step: number;
  readonly metrics: StepMetrics;
  /** The first groups of the step, as many as the read-back budget allows; empty in the cold start. */
  readonly completions: readonly CompletionRow[];
  /** Their frames as the policy saw them, by group; of a video as many as the budget allows. */
  readonly pictures: readonly (readonly Picture[])[];
  /**
   * The table of task by difficulty after a GRPO step, for a heat map: row by row as data.tasks has the tasks (spatial ones first),
   * levels ascending. Empty in the cold start.
   */
  readonly curriculum: readonly CurriculumCell[];
}
