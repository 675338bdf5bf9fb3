/**
 * The folder of an experiment: what it is of is written first and never changes; below it are the held-out questions, a
 * folder a run as `train` writes it, and a file a policy with its answers. Each is complete or gone on with, so that an
 * experiment that dies goes on where it was.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { armNamed } from '../evaluation/reproduction/arms';
import type { RunRecord } from '../evaluation/reproduction/report';
import { type ScoredReply, scoredReply, scoredReplySchema } from '../evaluation/reproduction/scored-reply';
import type { Question } from '../evaluation/suites/question';
import { type RunConfig, runConfigSchema } from '../training/config';
import type { StepMetrics } from '../training/report';
import type { Curve } from './curve-picture';
import { parsedJson } from './dataset-folder';
import { replaceFile } from './evaluation-folder';
import { openModel } from './model-source';

const EXPERIMENT = 'experiment.json';

const experimentSchema = z.strictObject({
  /** The command line that began it. */
  command: z.string(),
  /** The starting policy, as --model names it, and the first digits of the SHA-256 of its weights. */
  model: z.string(),
  weights: z.string(),
  arms: z.array(z.string()).min(1),
  seeds: z.array(z.int()).min(1),
  /** Held-out questions that were asked for. */
  questions: z.int().min(1),
  /** What all arms share. */
  config: runConfigSchema,
});

export type Experiment = Readonly<z.infer<typeof experimentSchema>>;

/** @throws Error when the folder already holds an experiment, or cannot be written. */
export function createExperiment(out: string, experiment: Experiment): void {
  if (existsSync(join(out, EXPERIMENT))) {
    throw new Error(
      `${out} already holds an experiment; go on with it with --resume, or name another folder with --out`,
    );
  }
  for (const folder of ['runs', 'evaluations']) mkdirSync(join(out, folder), { recursive: true });
  replaceFile(out, EXPERIMENT, `${JSON.stringify(experiment, null, 2)}\n`);
}

/** @throws Error when there is none, or naming the field of the file that is damaged. */
export function readExperiment(out: string): Experiment {
  const file = join(out, EXPERIMENT);
  if (!existsSync(file)) throw new Error(`${out} holds no experiment to go on with; begin one without --resume`);
  const json = parsedJson(readFileSync(file, 'utf8'), file, 'begin the experiment again in another folder');
  const parsed = experimentSchema.safeParse(json);
  if (!parsed.success) throw new Error(`${file} is invalid: ${z.prettifyError(parsed.error)}`);
  for (const arm of parsed.data.arms) armNamed(arm);
  return parsed.data;
}

/**
 * The answers of the policy in `policy` to the questions, in their order: those of the file `name` where it is there. It
 * is written whole: answers do not depend on how often an evaluation was interrupted.
 * @throws Error naming the line that is no answer to its question.
 */
export async function evaluated(
  out: string,
  name: string,
  policy: string,
  questions: readonly Question[],
): Promise<ScoredReply[]> {
  const folder = join(out, 'evaluations');
  const file = join(folder, `${name}.jsonl`);
  if (existsSync(file)) {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    return questions.map(({ sample }, index) => {
      const line = `${file}, line ${index + 1},`;
      const remedy = 'remove the file, and it is made again';
      const parsed = scoredReplySchema.safeParse(parsedJson(lines[index] ?? 'null', line, remedy));
      if (parsed.success && parsed.data.id === sample.id) return parsed.data;
      throw new Error(`${line} is no answer to ${sample.id}; ${remedy}`);
    });
  }
  const replies = new Map<string, ScoredReply>();
  const { model, close } = await openModel(policy, null);
  try {
    await model.answer(questions, (reply) => replies.set(reply.question.sample.id, scoredReply(reply)));
  } finally {
    await close();
  }
  const scored = questions.map(({ sample }) => replies.get(sample.id)!);
  replaceFile(folder, `${name}.jsonl`, scored.map((reply) => `${JSON.stringify(reply)}\n`).join(''));
  return scored;
}

/** What a finished run took, from its log. */
export function runRecord(arm: string, { seed, grpo }: RunConfig, metrics: readonly StepMetrics[]): RunRecord {
  const total = (name: string) => metrics.reduce((sum, step) => sum + step[name], 0);
  const { prompts_per_step: prompts, num_generations: generations } = grpo;
  return {
    arm,
    seed,
    steps: metrics.length,
    // Dynamic sampling asks further questions, in whole batches of completions.
    questions: metrics.length * prompts + total('data/resampled_groups'),
    completions: total('data/num_gen_batches') * prompts * generations,
    tokens: metrics.at(-1)?.num_tokens ?? 0,
    seconds: total('step_time'),
  };
}

/** The mean over the seeds of an arm's reward, step by step, with the seeds' own. */
export function rewardCurve(arm: string, seeds: readonly (readonly StepMetrics[])[]): Curve {
  const runs = seeds.map((metrics) => metrics.map(({ reward }) => reward));
  const values = runs[0].map((_, step) => runs.reduce((sum, rewards) => sum + rewards[step], 0) / runs.length);
  return { label: arm, values, runs };
}
