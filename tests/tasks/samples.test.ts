/** Synthesized samples: every answer recomputed by other means, every printed number traced to the ground truth. */
import { describe, expect, it, test } from 'vitest';
import { Tokenizer } from '../../src/policy/tokenizer';
import { renderInstances } from '../../src/rendering/software';
import { FURNITURE } from '../../src/scenes/furniture/registry';
import { roomMesh } from '../../src/scenes/room-mesh';
import type { Camera, OrientedBox, SceneObject } from '../../src/scenes/scene';
import { CONTRACT_TAGS, formatCompletion, letterOf, promptText } from '../../src/tasks/contract';
import { observe } from '../../src/tasks/observation';
import { familyNamed, imageTaskNames } from '../../src/tasks/registry';
import { type Sample, synthesizeSample } from '../../src/tasks/sample';
import { buildPhrases, buildVocabulary } from '../../src/tasks/vocabulary';
import { presets } from '../../src/training/presets';

const FRAME = { width: 64, height: 64 };
const SAMPLES_A_FAMILY = 30;

const samples = new Map(
  imageTaskNames.map((name) => [
    name,
    Array.from({ length: SAMPLES_A_FAMILY }, (_, seed) => synthesizeSample(seed, { tasks: [name], ...FRAME })),
  ]),
);
const all = [...samples.values()].flat();

/** The point of `box` closest to `point`. */
function clampInto(box: OrientedBox, point: readonly number[]): number[] {
  const closest = [...box.centroid];
  for (let k = 0; k < 3; k++) {
    const axis = box.axes.slice(3 * k, 3 * k + 3);
    const along = axis.reduce((sum, value, i) => sum + value * (point[i] - box.centroid[i]), 0);
    const half = box.axesLengths[k] / 2;
    const kept = Math.min(half, Math.max(-half, along));
    for (let i = 0; i < 3; i++) closest[i] += kept * axis[i];
  }
  return closest;
}

/** Distance of two convex solids by alternating projections (Cheney and Goldstein, 1959): converges from above. */
function distanceByProjections(a: OrientedBox, b: OrientedBox): number {
  let onA: number[] = [...a.centroid];
  let onB: number[] = [...b.centroid];
  for (let step = 0; step < 2000; step++) {
    onB = clampInto(b, onA);
    onA = clampInto(a, onB);
  }
  return Math.hypot(...onA.map((value, i) => value - onB[i]));
}

function centre({ cameraToWorld: m }: Camera): number[] {
  return [m[3], m[7], m[11]];
}

function objectsOf({ room, question }: Sample): SceneObject[] {
  return question.evidence.objects.map((id) => room.objects.find((object) => object.id === id)!);
}

/** The object of a category nearest to `target`, and how near. */
function nearestOf({ room }: Sample, category: string, target: OrientedBox): number {
  const instances = room.objects.filter((object) => object.category === category);
  return Math.min(...instances.map(({ box }) => distanceByProjections(box, target)));
}

/**
 * Answers recomputed from the rooms' own triangles and boxes: what a printed answer may be. The verifier, which has
 * only the scene files, does so for every family (verifier.test.ts).
 */
const oracles: Record<string, (sample: Sample) => void> = {
  object_counting: (sample) => {
    const category = /^How many (.+)\(s\)/.exec(sample.question.question)![1];
    expect(Number(sample.question.answer)).toBe(
      sample.room.objects.filter((object) => object.category === category).length,
    );
  },
  object_abs_distance: (sample) => {
    const [a, b] = objectsOf(sample);
    const distance = distanceByProjections(a.box, b.box);
    expect(Math.abs(Number(sample.question.answer) - distance)).toBeLessThan(0.05 + 0.005);
    expect(sample.question.question).toContain(`the ${a.category} and the ${b.category} (`);
  },
  object_size_estimation: (sample) => {
    // From the geometry itself: the extent of the object's triangles along the axes of its box.
    const [{ mesh, box, category }] = objectsOf(sample);
    const extents = [0, 1, 2].map((k) => {
      let [low, high] = [Infinity, -Infinity];
      for (let v = 0; v < mesh.positions.length; v += 3) {
        const along = [0, 1, 2].reduce((sum, i) => sum + box.axes[3 * k + i] * mesh.positions[v + i], 0);
        low = Math.min(low, along);
        high = Math.max(high, along);
      }
      return high - low;
    });
    expect(Math.abs(Number(sample.question.answer) - 100 * Math.max(...extents))).toBeLessThan(0.51);
    expect(sample.question.question).toContain(`the ${category},`);
  },
  object_rel_distance: (sample) => {
    const { options, answer } = sample.question;
    const [target] = objectsOf(sample);
    const distances = options!.map((category) => nearestOf(sample, category, target.box));
    expect(letterOf(distances.indexOf(Math.min(...distances)))).toBe(answer);
    const margin = sample.room.area > 40 ? 0.3 : 0.15;
    const sorted = distances.toSorted((a, b) => a - b);
    expect(sorted[0]).toBeGreaterThan(0.15 - 0.005);
    for (let i = 1; i < sorted.length; i++) expect(sorted[i] - sorted[i - 1]).toBeGreaterThan(margin - 0.005);
  },
  camera_object_distance: (sample) => {
    const [object] = objectsOf(sample);
    const eye = centre(sample.camera);
    const distance = Math.hypot(...clampInto(object.box, eye).map((value, i) => value - eye[i]));
    expect(Math.abs(Number(sample.question.answer) - distance)).toBeLessThan(0.05 + 1e-9);
    expect(sample.question.question).toContain(`of the ${object.category}?`);
  },
};

test.each(Object.keys(oracles))('%s gives answers that an independent computation confirms', (name) => {
  for (const sample of samples.get(name)!) oracles[name](sample);
});

describe.each(imageTaskNames.map(familyNamed))('$name', ({ name, kind, unit, strata }) => {
  const own = samples.get(name)!;

  it('states its kind, unit and number', () => {
    for (const { question } of own) {
      expect(question).toMatchObject({ task: name, kind, unit });
      if (kind === 'choice') {
        expect(question.answerValue).toBeNull();
        expect(question.options!.length).toBeGreaterThanOrEqual(2);
        expect(new Set(question.options).size).toBe(question.options!.length);
      } else {
        expect(question.options).toBeNull();
        expect(question.answer).toMatch(unit === 'm' || unit === 'm²' ? /^\d+\.\d$/ : /^\d+$/);
        expect(question.answerValue).toBe(Number(question.answer));
      }
    }
  });

  it('names only objects that the frame shows with at least 12 of 64 x 64 pixels', () => {
    for (const { room, mesh, camera, question } of own) {
      const { instances } = renderInstances(mesh, camera);
      for (const id of question.evidence.objects) {
        expect(room.objects.some((object) => object.id === id)).toBe(true);
        expect(instances.filter((instance) => instance === id).length).toBeGreaterThanOrEqual(12);
      }
    }
  });

  it('spreads its answers over all of its ranges', () => {
    if (kind === 'choice') return;
    const seen = new Set(own.map(({ question }) => strata.filter((bound) => question.answerValue! >= bound).length));
    expect(seen.size).toBe(strata.length + 1);
  });
});

describe('chains of thought', () => {
  it('print no number that is not in the evidence', () => {
    for (const { question } of all) {
      const values = Object.entries(question.evidence.values);
      const angles = values.filter(([key]) => /^(bearing|turn)_/.test(key)).map(([, value]) => (value * 180) / Math.PI);
      const shares = values.filter(([key]) => /^(image_[xy]|visible_fraction)_/.test(key)).map(([, value]) => value);
      const others = values.filter(([key]) => !/^(bearing|turn|image_[xy]|visible_fraction)_/.test(key));
      const lengths = others.map(([, value]) => value);
      const near = (value: number, truths: readonly number[], tolerance: number) =>
        truths.some((truth) => Math.abs(value - truth) <= tolerance + 1e-9);
      for (const match of question.reasoning.matchAll(/(?:(left|right) )?(\d+(?:\.\d+)?)/g)) {
        const [, side, printed] = match;
        const value = Number(printed);
        const traced = side
          ? near(side === 'left' ? value : -value, angles, 0.5)
          : printed.includes('.')
            ? near(value, lengths, 0.05)
            : value === question.evidence.values.count ||
              near(value / 100, lengths, 0.005) ||
              near(value / 100, [...shares, ...shares.map((share) => 1 - share)], 0.005) ||
              near(value, [...angles.map((angle) => -angle), ...angles.map((angle) => 360 - angle)], 0.5);
        expect(traced, `${match[0]} in: ${question.reasoning}`).toBe(true);
      }
    }
  });

  it('give bearings with the sign of the image: left of the middle column is left', () => {
    for (const { room, camera, question } of all) {
      for (const [key, value] of Object.entries(question.evidence.values)) {
        const id = /^bearing_(\d+)$/.exec(key)?.[1];
        const object = room.objects.find((candidate) => candidate.id === Number(id));
        if (!object || Math.abs(value) < 0.01) continue;
        const m = camera.cameraToWorld;
        const eye = centre(camera);
        const alongRight = [0, 1, 2].reduce((sum, i) => sum + m[4 * i] * (object.box.centroid[i] - eye[i]), 0);
        expect(Math.sign(value)).toBe(-Math.sign(alongRight));
      }
    }
  });

  it('end on the answer', () => {
    for (const { question } of all) {
      expect(question.reasoning).toContain(question.answer);
      expect(question.reasoning.lastIndexOf(question.answer)).toBeGreaterThan(question.reasoning.length - 16);
    }
  });

  it('stand in the output contract', () => {
    for (const { question } of all) {
      const text = formatCompletion(question.reasoning, question.answer);
      const parsed = /^<think>([^<]+)<\/think><answer>([^<]+)<\/answer>$/.exec(text)!;
      expect(parsed.slice(1)).toEqual([question.reasoning, question.answer]);
    }
  });
});

describe('prompts', () => {
  it('list the options of a choice by letter', () => {
    expect(promptText({ question: 'Which?', options: ['chair', 'sofa'] })).toBe('Which?\nOptions:\nA. chair\nB. sofa');
    expect(promptText({ question: 'How many?', options: null })).toBe('How many?');
    expect(() => letterOf(26)).toThrow(/option 26/);
  });
});

describe('synthesizeSample', () => {
  const tasks = imageTaskNames;

  it('is fixed by its seed', () => {
    for (let seed = 0; seed < 3; seed++) {
      const [a, b] = [synthesizeSample(seed, { tasks, ...FRAME }), synthesizeSample(seed, { tasks, ...FRAME })];
      expect(a).toEqual(b);
      expect(a.mesh).toEqual(roomMesh(a.room));
    }
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  it('asks the same question whatever the size of the frame', () => {
    for (let seed = 0; seed < 10; seed++) {
      const small = synthesizeSample(seed, { tasks, ...FRAME });
      const large = synthesizeSample(seed, { tasks, width: 256, height: 256 });
      expect(large.question).toEqual(small.question);
      expect(large.camera.width).toBe(256);
    }
  });

  it('draws every task that it is given', () => {
    const drawn = new Set(
      Array.from({ length: 120 }, (_, seed) => synthesizeSample(seed, { tasks, ...FRAME }).question.task),
    );
    expect([...drawn].sort()).toEqual(tasks.toSorted());
  });

  it('refuses what it cannot do, by name', () => {
    expect(() => synthesizeSample(1, { tasks: [], ...FRAME })).toThrow(/no tasks/);
    expect(() => synthesizeSample(1, { tasks: ['object_color'], ...FRAME })).toThrow(/unknown task 'object_color'/);
    expect(() => synthesizeSample(1, { tasks: ['object_counting', 'view_change'], ...FRAME })).toThrow(
      /'view_change' asks about a video.*object_counting/,
    );
    expect(() => synthesizeSample(1, { tasks, ...FRAME, visibilitySize: 0 })).toThrow(/visibility size of 0/);
    // A single pixel never shows two instances.
    expect(() => synthesizeSample(1, { tasks: ['object_counting'], ...FRAME, visibilitySize: 1 })).toThrow(
      /no question of object_counting in \d+ views of rooms from seed 1/,
    );
  });

  it('observes a wide view at its own aspect', () => {
    const { room, mesh, camera } = synthesizeSample(3, { tasks, width: 128, height: 64 });
    const [{ camera: small, visible }] = observe(room, mesh, camera, 32).frames;
    expect([small.width, small.height]).toEqual([32, 16]);
    expect(small.K).toEqual(camera.K.map((value, index) => (index < 6 ? value / 4 : value)));
    expect(visible.every(({ pixels }) => pixels <= 32 * 16)).toBe(true);
  });
});

describe('the vocabulary', () => {
  const vocabulary = buildVocabulary();
  const tokenizer = new Tokenizer(vocabulary);

  it('is stable, small, and holds every category', () => {
    expect(buildVocabulary()).toEqual(vocabulary);
    expect(vocabulary).toEqual([...new Set(vocabulary)].sort());
    expect(tokenizer.size).toBeLessThan(600);
    for (const { category } of FURNITURE)
      expect(vocabulary).toEqual(expect.arrayContaining([category, ` ${category}`]));
  });

  it('spells no word of a sample in bytes', () => {
    for (const { question } of all) {
      for (const text of [promptText(question), formatCompletion(question.reasoning, question.answer)]) {
        const tokens = tokenizer.encode(text);
        expect(tokenizer.decode(tokens)).toBe(text);
        const spelled = tokens.map((token) => {
          const bytes = tokenizer.tokenTexts()[token];
          return bytes.length === 1 ? String.fromCharCode(bytes[0]) : '|';
        });
        // Single characters are digits, punctuation, spaces, option letters and the '(s)' of counting.
        expect(spelled.join('')).not.toMatch(/[A-Za-z]{2}|[^ -~\n]/);
      }
    }
  });

  it('keeps the prompts of a run from scratch within 64 tokens, and completions too but for the largest counts', () => {
    for (const { question } of all) {
      const prompt = tokenizer.encode(promptText(question)).length + 1;
      expect(prompt).toBeLessThanOrEqual(presets.scratch.data.tasks.includes(question.task) ? 64 : 100);
      const completion = tokenizer.encode(formatCompletion(question.reasoning, question.answer)).length + 1;
      const counted = question.evidence.values.count ?? 0;
      if (counted <= 8) expect(completion).toBeLessThanOrEqual(64);
    }
  });

  it('spares a policy a third of the tokens by phrases, and leaves names, numbers and what is decided to tokens of their own', () => {
    const phrases = buildPhrases();
    expect(buildPhrases()).toEqual(phrases);
    expect(phrases.length).toBeLessThan(150);
    const withPhrases = new Tokenizer([...new Set([...vocabulary, ...phrases])]);
    const names = FURNITURE.map(({ category }) => category).sort((a, b) => b.length - a.length);
    const named = new RegExp(` ?(?:${names.join('|')})(?!\\p{L})`, 'gu');
    const decided = /(?<!\p{L}) ?(?:left|right|back|ahead|above|below|forward|backward|[A-D])(?!\p{L})/gu;
    const counts = { words: 0, phrases: 0 };
    for (const { question } of all) {
      for (const [text, kept] of [
        [question.question, [named]],
        [question.reasoning, [named, decided]],
      ] as const) {
        counts.words += tokenizer.encode(text).length;
        const tokens = withPhrases.encode(text);
        counts.phrases += tokens.length;
        expect(withPhrases.decode(tokens)).toBe(text);
        const pieces = tokens.map((token) => withPhrases.decode([token]));
        for (const pattern of kept) {
          const whole = pieces.filter((piece) => piece.replace(pattern, '') === '').length;
          expect(whole, pieces.join('|')).toBeGreaterThanOrEqual([...text.matchAll(pattern)].length);
        }
      }
    }
    expect(counts.phrases / counts.words).toBeLessThan(2 / 3);
  });

  it('gives every contract tag one token', () => {
    for (const tag of CONTRACT_TAGS) expect(tokenizer.encode(tag)).toHaveLength(1);
  });
});
