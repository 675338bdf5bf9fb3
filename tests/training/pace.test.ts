/** What a run's pace is, and what follows from it. */
import { expect, test } from 'vitest';
import { duration, Pace } from '../../src/training/pace';

test('the pace is that of the last twenty steps', () => {
  const pace = new Pace();
  for (let step = 0; step < 3; step++) pace.add(60 + 30 * step);
  expect(pace.secondsPerStep).toBe(90);
  expect(pace.timeFor(50)).toBe('1 h 15 min');
  for (let step = 0; step < 19; step++) pace.add(6);
  expect(pace.secondsPerStep).toBe((120 + 19 * 6) / 20);
  pace.add(6);
  expect(pace.secondsPerStep).toBe(6);
  expect(pace.timeFor(100)).toBe('10 min');
});

test('tells a duration in minutes, and in hours from one on', () => {
  expect([0, 29, 90, 3569, 3570, 86_400].map(duration)).toEqual([
    'under a minute',
    'under a minute',
    '2 min',
    '59 min',
    '1 h 0 min',
    '24 h 0 min',
  ]);
});
