/** The curves of the rewards: the definitions' values at every error, by the settings as they are typed. */
import { expect, test } from 'vitest';
import { ERRORS, rewardCurves, rewardOf } from '../../src/app/reward-curve';
import { draftOf } from '../../src/app/settings';
import { NUMERIC_REWARDS } from '../../src/kernels/rewards/registry';
import { presets } from '../../src/training/presets';

const draft = draftOf(presets.tiny);
const config = presets.tiny.reward;
const at = (error: number) => ERRORS.indexOf(error);
const curve = (title: string, settings = config) =>
  rewardCurves(settings).find((candidate) => candidate.title === title)!.rewards;

test('errors go from -1 to 2, and meet the truth and the tolerances of MRA', () => {
  expect([ERRORS[0], ERRORS.at(-1)]).toEqual([-1, 2]);
  for (const error of [-0.5, -0.05, 0, 0.05, 0.5, 1]) expect(ERRORS).toContain(error);
});

test('every reward of the registry has a curve, and only the one that the run uses is chosen', () => {
  const curves = rewardCurves(config);
  for (const { title } of NUMERIC_REWARDS) expect(curves.some((each) => each.title.startsWith(title))).toBe(true);
  expect(curves.filter(({ chosen }) => chosen).map(({ title }) => title)).toEqual(['EDNM']);
  expect(new Set(curves.map(({ id }) => id)).size).toBe(curves.length);
});

test('values are those of the formulas', () => {
  const settings = { ...config, gamma: 1.5, lambda: 3, tolerance: 0.105, sigma: 0.4, epsilon: 0.25 };
  // The relative error in the formulas is taken against |truth| + epsilon.
  expect(curve('EDNM', settings)[at(0.5)]).toBeCloseTo(1.5 * Math.exp(-1.2), 12);
  expect(curve('EDNM', settings)[at(-1)]).toBeCloseTo(1.5 * Math.exp(-2.4), 12);
  expect(curve('Linear', settings)[at(0.5)]).toBeCloseTo(0.6, 12);
  expect(curve('Linear', settings)[at(2)]).toBe(0);
  expect(curve('Gaussian', settings)[at(0.5)]).toBeCloseTo(Math.exp(-0.5), 12);
  expect([0.1, 0.11, -0.1, -0.11].map((error) => curve('Binary', settings)[at(error)])).toEqual([1, 0, 1, 0]);
  expect([0, 0.05, 0.06, 0.5, 0.51].map((error) => curve('MRA', settings)[at(error)])).toEqual([1, 1, 0.9, 0.1, 0]);
});

test('the annealed sigmoid is drawn as it begins and as it ends', () => {
  const settings = { ...config, function: 'sigmoid', sharpness: 2, sharpness_end: 8, epsilon: 1e-9 };
  const chosen = rewardCurves(settings).filter((each) => each.chosen);
  expect(chosen.map(({ title }) => title)).toEqual([
    'Annealed sigmoid at the first step (k = 2)',
    'Annealed sigmoid at the last step (k = 8)',
  ]);
  const half = chosen.map(({ rewards }) => rewards[at(0.5)]);
  expect(half[0]).toBeCloseTo(2 / (1 + Math.exp(0.5)), 6);
  expect(half[1]).toBeCloseTo(2 / (1 + Math.exp(2)), 6);
});

test('a draft gives its reward while other fields are invalid, and none while a setting of the reward is', () => {
  expect(rewardOf({ ...draft, 'grpo.steps': 'many', 'reward.lambda': '7' })).toEqual({ ...config, lambda: 7 });
  expect(rewardOf({ ...draft, 'reward.lambda': '0' })).toBeNull();
  expect(rewardOf({ ...draft, 'reward.gamma': '' })).toBeNull();
});
