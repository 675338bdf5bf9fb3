/** Evaluations for tests of the results view: a model whose answers are given, through the code that evaluates. */
import { sampleOf } from '../evaluation/samples';
import type { SampleRecord } from '../../src/datasets/canonical';
import { blankImage } from '../../src/evaluation/models/frame';
import { sampleSuite } from '../../src/evaluation/suites/source';
import type { EvaluationFiles } from '../../src/lab/evaluation-protocol';
import { evaluateModel } from '../../src/lab/evaluation-run';

/** Six questions about three scenes: two counts, two distances, two choices. */
export const SAMPLES: readonly SampleRecord[] = [
  sampleOf('0_0', { scene: '0', answer: '9', answer_value: 9, question: 'How many chair(s) are in this room?' }),
  sampleOf('1_0', { scene: '1', answer: '8', answer_value: 8, question: 'How many lamp(s) are in this room?' }),
  sampleOf('0_1', { scene: '0', task: 'object_abs_distance', answer: '2.0', answer_value: 2, unit: 'm' }),
  sampleOf('2_0', { scene: '2', task: 'object_abs_distance', answer: '1.0', answer_value: 1, unit: 'm' }),
  sampleOf('1_1', choice('B')),
  sampleOf('2_1', choice('A')),
];

function choice(answer: string): Partial<SampleRecord> {
  const options = ['sofa', '=lamp', 'plant', 'table'];
  return { scene: '1', task: 'object_rel_distance', kind: 'choice', answer, answer_value: null, options };
}

/** The evaluation of `policy`, which answers as told by question; null for no answer. */
export async function evaluationOf(
  policy: string,
  answers: readonly (string | null)[],
  samples = SAMPLES,
): Promise<EvaluationFiles> {
  const source = await sampleSuite('vsi-small', samples, async () => [blankImage(8)]);
  const told = new Map(samples.map(({ id }, index) => [id, answers[index]]));
  const frames = { 0: new Blob([new Uint8Array(blankImage(8))], { type: 'image/png' }) };
  const scenes = Object.fromEntries(samples.map(({ scene }) => [scene, { record: null, frames }]));
  const model = {
    name: policy,
    frames: null,
    answer: async (...[questions, onReply]: Parameters<Parameters<typeof evaluateModel>[0]['answer']>) => {
      for (const question of questions) {
        const answer = told.get(question.sample.id) ?? null;
        const completion = answer === null ? null : `<think>I look.</think><answer>${answer}</answer>`;
        onReply({ question, completion, error: completion === null ? 'the prompt is too long' : null });
      }
      return null;
    },
  };
  return evaluateModel(model, { source, samples, scenes }, () => undefined);
}
