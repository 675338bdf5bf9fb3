/** The browser's engine gives the bits that node's gives. */
import { expect, test } from 'vitest';
import { DIGEST, digest } from './exact-math-digest';

test('bit for bit', () => {
  expect(digest()).toBe(DIGEST);
});
