/**
 * Files of predictions: JSON Lines, an answered question a line. Nothing is skipped: a file with a line that cannot be
 * scored is refused, and every such line is named.
 */
import { z } from 'zod';
import type { Answer, Benchmark } from './metrics/benchmark';

const text = z.union([z.string(), z.number()]).transform(String);

const line = z
  .object({
    id: z.union([z.string(), z.number()]),
    question_type: z.string().optional(),
    task: z.string().optional(),
    ground_truth: text,
    /** Null: the model gave no answer. */
    prediction: z.union([text, z.null()]),
    options: z.array(z.string()).min(1).nullish(),
    source: z.string().nullish(),
    scene: z.string().nullish(),
    scene_name: z.string().nullish(),
  })
  .refine(({ question_type, task }) => (question_type ?? task) !== undefined, {
    message: 'needs a question_type or a task',
  });

/** More bad lines than this are counted, not named. */
const NAMED = 20;

/**
 * The answers of a file.
 * @param origin the file's name, for messages.
 * @throws Error that names each line that cannot be scored and what to do about it; also for a file without lines.
 */
export function parsePredictions(content: string, benchmark: Benchmark, origin: string): Answer[] {
  const answers: Answer[] = [];
  const problems: string[] = [];
  const lineOfId = new Map<string, number>();
  content
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .forEach((row, index) => {
      if (row.trim() === '') return;
      const number = index + 1;
      const parsed = parseLine(row);
      if (typeof parsed === 'string') return void problems.push(`line ${number}: ${parsed}`);
      const first = lineOfId.get(String(parsed.id));
      if (first !== undefined) {
        return void problems.push(`line ${number}: id ${parsed.id} is on line ${first} already; keep one of the two`);
      }
      lineOfId.set(String(parsed.id), number);
      const problem = benchmark.problem(parsed);
      if (problem === null) answers.push(parsed);
      else problems.push(`line ${number}: ${problem}`);
    });
  if (problems.length > 0) {
    const more = problems.length > NAMED ? [`… and ${problems.length - NAMED} more`] : [];
    const shown = [...problems.slice(0, NAMED), ...more].map((problem) => `  ${problem}`);
    throw new Error(
      `${origin}: ${problems.length} lines cannot be scored; mend them and score again\n${shown.join('\n')}`,
    );
  }
  if (answers.length === 0) throw new Error(`${origin} holds no predictions; write a JSON object a line`);
  return answers;
}

/** The answer on a line, or what is wrong with it. */
function parseLine(row: string): Answer | string {
  let value: unknown;
  try {
    value = JSON.parse(row);
  } catch (error) {
    return `is not JSON (${error instanceof Error ? error.message : String(error)}); write one object a line`;
  }
  const result = line.safeParse(value);
  if (!result.success) {
    return result.error.issues.map(({ path, message }) => `${path.join('.') || 'the line'}: ${message}`).join('; ');
  }
  const { id, question_type, task, ground_truth, prediction, options, source, scene, scene_name } = result.data;
  return {
    id,
    task: question_type ?? task ?? '',
    groundTruth: ground_truth,
    prediction,
    options: options ?? null,
    source: source ?? null,
    scene: scene ?? scene_name ?? null,
  };
}
