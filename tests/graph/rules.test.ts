import { describe, expect, test } from 'vitest';
import { GRADIENT_RULES } from '../../src/graph/rules/registry';
import { CASES } from './cases';
import { check, TOLERANCE } from './finite-differences';

describe('gradients agree with finite differences', () => {
  for (const each of CASES) {
    test(`${each.opType}: ${each.what}`, async () => {
      const { error, where } = await check(each);
      expect(error, where).toBeLessThan(TOLERANCE[each.precision ?? 'float64']);
    });
  }
});

test('every rule has a case', () => {
  const checked = new Set(CASES.map(({ domain = '', opType }) => `${domain}:${opType}`));
  const missing = GRADIENT_RULES.filter(({ domain = '', opType }) => !checked.has(`${domain}:${opType}`));
  expect(missing.map((rule) => rule.opType)).toEqual([]);
});
