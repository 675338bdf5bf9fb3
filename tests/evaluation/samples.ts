/** Samples for tests of evaluations, in any environment. */
import type { SampleRecord } from '../../src/datasets/canonical';

export function sampleOf(id: string, more: Partial<SampleRecord> = {}): SampleRecord {
  return {
    id,
    scene: 's',
    split: 'test',
    domain: 'spatial',
    task: 'object_counting',
    kind: 'number',
    question: `Question ${id}?`,
    options: null,
    answer: '3',
    answer_value: 3,
    unit: null,
    frames: [0],
    reasoning: '',
    evidence: { objects: [], values: {} },
    difficulty: { value: 0, reasons: {} },
    ...more,
  };
}
