/**
 * The verifier: whether a sample's answer and evidence are what its scene file says, worked out from the two records
 * alone. It reads the question as anyone would, measures the scene with geometry of its own, and never sees the room,
 * its triangles or the families that asked.
 */
import type { SampleRecord, SceneRecord } from '../../datasets/canonical';
import { answers } from './answers';
import { evidenceValue } from './evidence-values';
import { Disagreement, need, Records } from './records';

export type Verdict = { readonly agrees: true } | { readonly agrees: false; readonly reason: string };

/** Largest difference of a value in the evidence, metres, radians, seconds or shares. */
const TOLERANCE = 1e-4;

/** Whether `sample` is true of `scene`, or the first reason why not. A task that it does not know does not agree. */
export function verifySample(scene: SceneRecord, sample: SampleRecord): Verdict {
  try {
    verify(new Records(scene, sample));
    return { agrees: true };
  } catch (error) {
    if (!(error instanceof Disagreement)) throw error;
    return { agrees: false, reason: `${sample.id}: ${error.message}` };
  }
}

function verify(records: Records): void {
  const { sample } = records;
  need(Object.hasOwn(answers, sample.task), `there is no way to verify the task ${sample.task}`);
  const truth = answers[sample.task](records);
  if (typeof truth.answer === 'number') checkNumber(sample, truth.answer);
  else checkChoice(records, truth.answer);

  const { objects, values } = sample.evidence;
  const sorted = (ids: readonly number[]) => ids.toSorted((a, b) => a - b).join(', ');
  need(
    sorted(objects) === sorted(truth.objects),
    `the evidence names the objects ${sorted(objects)}, the question ${sorted(truth.objects)}`,
  );
  for (const id of objects) {
    const shown = records.cameras.some((camera) => records.clear(camera, records.object(id)));
    need(shown, `no frame shows enough of object ${id}`);
  }
  for (const [name, stated] of Object.entries(values)) {
    const value = evidenceValue(records, name, stated);
    need(Math.abs(value - stated) <= TOLERANCE, `the evidence says ${name} = ${stated}, the scene ${value}`);
  }
}

/** The printed number is the truth, rounded to a tenth for metres, else to a whole number. */
function checkNumber({ kind, answer, answer_value: value, unit }: SampleRecord, truth: number): void {
  need(kind === 'number', `the answer is a number, and the kind ${kind}`);
  const [form, half] = unit === 'm' || unit === 'm²' ? [/^\d+\.\d$/, 0.05] : [/^\d+$/, 0.5];
  need(form.test(answer) && Number(answer) === value, `the answer '${answer}' is not the value ${value} in its form`);
  need(Math.abs(Number(answer) - truth) <= half + 1e-6, `the answer is ${answer}, and the scene says ${truth}`);
}

function checkChoice({ options, sample }: Records, truth: string): void {
  need(sample.kind === 'choice', `the answer is a choice, and the kind ${sample.kind}`);
  need(sample.answer_value === null, `a choice has the value ${sample.answer_value}`);
  const chosen = /^[A-Z]$/.test(sample.answer) ? options[sample.answer.charCodeAt(0) - 65] : undefined;
  need(chosen !== undefined, `'${sample.answer}' is the letter of no option`);
  need(chosen === truth, `the answer is '${chosen}', and the scene says '${truth}'`);
}
