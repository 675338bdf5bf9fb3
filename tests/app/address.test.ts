/** The address: what is written can be read back, whatever the settings; what is wild is told and does no harm. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { configOf, draftOf, fieldsByPath, sections, validate } from '../../src/app/settings';
import { decodeAddress, encodeAddress, MAX_SEED } from '../../src/app/url';
import { runConfigSchema } from '../../src/training/config';
import { presets } from '../../src/training/presets';

const preset = fc.constantFrom(...Object.keys(presets));
const seed = fc.integer({ min: 0, max: MAX_SEED });

test('a preset alone writes nothing but its name and the room', () => {
  expect(encodeAddress({ preset: 'nano', draft: draftOf(presets.nano), room: 7 })).toBe('preset=nano&room=7');
});

test('settings come back as they were', () => {
  const changes = fc.record(
    {
      seed: seed.map(String),
      'grpo.beta': fc.double({ min: 0, max: 10, noNaN: true }).map(String),
      'grpo.learning_rate': fc.double({ min: 1e-12, max: 10, noNaN: true }).map(String),
      'grpo.loss_type': fc.constantFrom('grpo', 'dapo', 'dr_grpo'),
      'grpo.mask_truncated_completions': fc.boolean(),
      'data.tasks': fc.uniqueArray(fc.constantFrom(...presets.scratch.data.tasks), { minLength: 1 }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(preset, changes, seed, (name, changed, room) => {
      const draft = { ...draftOf(presets[name]), ...changed };
      const read = decodeAddress(`#${encodeAddress({ preset: name, draft, room })}`);
      expect(read).toEqual({ preset: name, draft, room, problems: [] });
    }),
  );
});

test('the policy to start from is in the address, and only those that the page has', () => {
  const draft = { ...draftOf(presets.tiny), model_name_or_path: 'nano' };
  const hash = encodeAddress({ preset: 'tiny', draft, room: 1 });
  expect(hash).toContain('model_name_or_path=nano');
  expect(decodeAddress(hash)).toMatchObject({ draft, problems: [] });
  const other = decodeAddress('#preset=tiny&model_name_or_path=runs/mine&seed=4');
  expect(other.problems).toEqual([
    'model_name_or_path: the page has fresh weights and nano (shipped) to choose from, not "runs/mine"',
  ]);
  expect(other.draft).toMatchObject({ model_name_or_path: '', seed: '4' });
});

test('any text gives a valid draft', () => {
  const hash = fc.oneof(
    fc.string(),
    fc
      .array(fc.tuple(fc.constantFrom('preset', 'room', 'nonsense', ...fieldsByPath.keys()), fc.string()))
      .map((pairs) => new URLSearchParams(pairs).toString()),
  );
  fc.assert(
    fc.property(hash, (text) => {
      const { draft, room } = decodeAddress(text);
      expect(validate(draft).problems).toEqual({});
      expect(Number.isInteger(room) && room >= 0 && room <= MAX_SEED).toBe(true);
    }),
  );
});

test('what is wrong is named, and the rest is kept', () => {
  const read = decodeAddress('#preset=huge&room=-1&grpo.beta=much&seed=5&__proto__=1&policy.heads=3');
  expect(read.problems.join('\n')).toMatch(/preset: there is no "huge"/);
  expect(read.problems.join('\n')).toMatch(/room: "-1"/);
  expect(read.problems.join('\n')).toMatch(/grpo\.beta/);
  expect(read.problems.join('\n')).toMatch(/__proto__: there is no such setting/);
  expect(read.problems.join('\n')).toMatch(/policy\.heads: must divide policy\.dim/);
  expect(read.draft.seed).toBe('5');
  expect(read.draft['grpo.beta']).toBe(String(presets.nano.grpo.beta));
});

test('every field of the schema has an input and a description, and every preset goes through the form', () => {
  for (const [name, config] of Object.entries(presets)) {
    expect([...fieldsByPath.keys()].toSorted(), name).toEqual(Object.keys(draftOf(config)).toSorted());
    expect(configOf(draftOf(config)), name).toEqual(config);
  }
  for (const field of fieldsByPath.values()) expect(field.description, field.path).not.toBe('');
  expect(sections.map(({ name }) => name)).toEqual([
    '',
    ...Object.keys(runConfigSchema.shape).filter((name) => !fieldsByPath.has(name)),
  ]);
});

test('a field that is being typed is a problem at its path, not an exception', () => {
  for (const text of ['', ' ', '-', '1e', 'NaN', '0.5']) {
    const { config, problems } = validate({ ...draftOf(presets.nano), 'policy.layers': text });
    expect(config, text).toBeNull();
    expect(problems['policy.layers'], text).toBeTruthy();
  }
});
