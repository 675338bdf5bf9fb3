/** The verifier agrees with every family, from the records alone, and with nothing that was tampered with. */
import { describe, expect, it } from 'vitest';
import { Tokenizer } from '../../src/policy/tokenizer';
import { stream } from '../../src/random';
import type { SampleRecord, SceneRecord } from '../../src/datasets/canonical';
import { formatCompletion, promptText } from '../../src/tasks/contract';
import { families } from '../../src/tasks/registry';
import { verifySample } from '../../src/tasks/verifier/verify';
import { buildVocabulary } from '../../src/tasks/vocabulary';
import { sampleOf, sceneOf, stillOfRoom, videoOfRoom } from './records';

const ROOMS = 14;
const QUESTIONS_A_FAMILY = 4;

interface Case {
  readonly scene: SceneRecord;
  readonly sample: SampleRecord;
}

/** Questions of all families about a still and a video of each room. */
const cases = Array.from({ length: ROOMS }, (_, seed) => [stillOfRoom(seed), videoOfRoom(seed)])
  .flat()
  .flatMap((observation, index): Case[] => {
    const scene = sceneOf(observation);
    return families.flatMap((family) =>
      family
        .ask(observation, stream(index, 'verifier', family.name))
        .slice(0, QUESTIONS_A_FAMILY)
        .map((question, k) => ({ scene, sample: sampleOf(question, observation, `${family.name}-${index}-${k}`) })),
    );
  });
const of = (task: string) => cases.filter(({ sample }) => sample.task === task);
const verdict = ({ scene, sample }: Case) => verifySample(scene, sample);
const reasonOf = (one: Case) => {
  const result = verdict(one);
  return result.agrees ? 'agrees' : result.reason;
};

describe.each(families)('$name', ({ name, kind, unit }) => {
  it('is asked, and agrees with its scene', () => {
    expect(of(name).length).toBeGreaterThanOrEqual(3);
    for (const one of of(name)) expect(verdict(one)).toEqual({ agrees: true });
  });

  it('is refused with another answer', () => {
    for (const { scene, sample } of of(name)) {
      if (kind === 'choice') {
        const others = sample.options!.map((_, k) => 'ABCD'[k]).filter((letter) => letter !== sample.answer);
        for (const answer of others) expect(verdict({ scene, sample: { ...sample, answer } }).agrees).toBe(false);
      } else {
        for (const step of [-1, 1]) {
          const value = Number(sample.answer) + step * (unit === 'm' || unit === 'm²' ? 0.2 : 2);
          const answer = value.toFixed(sample.answer.includes('.') ? 1 : 0);
          expect(reasonOf({ scene, sample: { ...sample, answer, answer_value: Number(answer) } })).toContain(answer);
        }
      }
    }
  });

  it('is refused with any number of its evidence changed, or another object', () => {
    for (const { scene, sample } of of(name)) {
      const { objects, values } = sample.evidence;
      for (const [key, value] of Object.entries(values)) {
        // Where on an object a marked point lies is known in bounds only.
        const change = key.startsWith('point_distance') ? 9 : 0.001;
        const evidence = { objects, values: { ...values, [key]: value + change } };
        expect(reasonOf({ scene, sample: { ...sample, evidence } })).toContain(`${key} =`);
      }
      const stranger = scene.objects.find(({ id }) => !objects.includes(id))!.id;
      for (const list of [[...objects, stranger], objects.length > 0 ? objects.slice(1) : [stranger]]) {
        const evidence = { objects: list, values: {} };
        expect(reasonOf({ scene, sample: { ...sample, evidence } })).toContain('the evidence names the objects');
      }
      const invented = { objects, values: { beauty: 1 } };
      expect(reasonOf({ scene, sample: { ...sample, evidence: invented } })).toContain("names 'beauty'");
    }
  });

  it('has a difficulty in [0, 1], with reasons in [0, 1]', () => {
    for (const { sample } of of(name)) {
      const { value, reasons } = sample.difficulty;
      expect(Object.keys(reasons).length).toBeGreaterThan(0);
      for (const figure of [value, ...Object.values(reasons)]) {
        expect(figure).toBeGreaterThanOrEqual(0);
        expect(figure).toBeLessThanOrEqual(1);
      }
      expect(value).toBeGreaterThanOrEqual(Math.min(...Object.values(reasons)) - 1e-12);
      expect(value).toBeLessThanOrEqual(Math.max(...Object.values(reasons)) + 1e-12);
    }
  });
});

describe('the verifier', () => {
  it('refuses named objects that no frame shows well enough', () => {
    for (const { scene, sample } of of('object_size_estimation')) {
      const [id] = sample.evidence.objects;
      const visibility = scene.visibility.map((entry) =>
        entry.object === id ? { ...entry, px_count_visib: 11 } : entry,
      );
      expect(reasonOf({ scene: { ...scene, visibility }, sample })).toContain(`no frame shows enough of object ${id}`);
    }
  });
  it('refuses a second object of a category that must be alone', () => {
    for (const { scene, sample } of of('object_abs_distance')) {
      const [object] = scene.objects.filter(({ id }) => id === sample.evidence.objects[0]);
      const objects = [...scene.objects, { ...object, id: 999 }];
      expect(reasonOf({ scene: { ...scene, objects }, sample })).toMatch(/has 2 objects called/);
    }
  });
  it('notices an object that was moved', () => {
    for (const { scene, sample } of of('camera_object_distance')) {
      const objects = scene.objects.map((object) => ({ ...object, centroid: object.centroid.map((x) => x + 0.5) }));
      expect(verdict({ scene: { ...scene, objects }, sample }).agrees).toBe(false);
    }
  });
  it('refuses a route through something that stands in the way', () => {
    for (const { scene, sample } of of('route_planning')) {
      const stops = sample.evidence.objects.map((id) => scene.objects.find((object) => object.id === id)!);
      const [start, , first] = stops;
      const centroid = start.centroid.map((value, k) => (value + first.centroid[k]) / 2);
      const crate = { ...start, id: 999, category: 'crate', centroid, axes_lengths: [0.3, 0.3, 0.5] };
      expect(reasonOf({ scene: { ...scene, objects: [...scene.objects, crate] }, sample })).toContain(
        'through a crate',
      );
    }
  });
  it('names what it cannot read', () => {
    const [{ scene, sample }] = of('object_counting');
    expect(reasonOf({ scene, sample: { ...sample, task: 'tea' } })).toContain('no way to verify the task tea');
    expect(reasonOf({ scene, sample: { ...sample, question: 'How many?' } })).toContain(
      'not worded as object_counting',
    );
    expect(reasonOf({ scene, sample: { ...sample, frames: [77] } })).toContain('no frame 77');
    expect(reasonOf({ scene, sample: { ...sample, question: 'How many tea(s) are in this room?' } })).toContain(
      'no tea',
    );
    expect(reasonOf({ scene, sample: { ...sample, kind: 'choice' } })).toContain('the kind choice');
  });
});

describe('questions about videos', () => {
  it('are spelled in the vocabulary', () => {
    const tokenizer = new Tokenizer(buildVocabulary());
    for (const { sample } of cases) {
      const text = `${promptText(sample)} ${formatCompletion(sample.reasoning, sample.answer)}`;
      const single = tokenizer.encode(text).map((token) => {
        const bytes = tokenizer.tokenTexts()[token];
        return bytes.length === 1 ? String.fromCharCode(bytes[0]) : '|';
      });
      expect(single.join('')).not.toMatch(/[A-Za-z]{2}|[^ -~\n]/);
    }
  });
});
