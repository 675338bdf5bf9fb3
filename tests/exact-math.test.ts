/** The exact functions beside the engine's, whose last digits are the engine's own, and beside themselves elsewhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atan, atan2, cos, exp, hypot, log, pow, sin, tan } from '../src/exact-math';
import { DIGEST, digest } from './exact-math-digest';

const within = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true });
const RUNS = { numRuns: 20_000 };

function near(actual: number, expected: number, absolute = 0): void {
  if (Math.abs(actual - expected) <= absolute + 1e-15 * Math.abs(expected)) return;
  expect(actual).toBe(expected);
}

test('agree with the engine to a few units in the last place', () => {
  fc.assert(
    fc.property(within(-1e4, 1e4), (x) => {
      near(sin(x), Math.sin(x), 2e-16);
      near(cos(x), Math.cos(x), 2e-16);
    }),
    RUNS,
  );
  fc.assert(
    fc.property(within(-1.5, 1.5), (x) => {
      near(sin(x), Math.sin(x));
      near(tan(x), Math.tan(x));
      near(atan(x), Math.atan(x));
    }),
    RUNS,
  );
  fc.assert(
    fc.property(within(-1e3, 1e3), within(-1e3, 1e3), (y, x) => {
      near(atan2(y, x), Math.atan2(y, x));
      near(hypot(x, y), Math.hypot(x, y), 1e-150);
    }),
    RUNS,
  );
  fc.assert(
    fc.property(within(-700, 700), (x) => near(exp(x), Math.exp(x))),
    RUNS,
  );
  fc.assert(
    fc.property(within(0.01, 100), within(-3, 3), (x, y) => near(pow(x, y), x ** y, 4e-15 * x ** y)),
    RUNS,
  );
  fc.assert(
    fc.property(within(1e-300, 1e300), (x) => near(log(x), Math.log(x))),
    RUNS,
  );
  fc.assert(
    fc.property(within(0.5, 2), (x) => near(log(x), Math.log(x), 1e-17)),
    RUNS,
  );
});

test('are right where one knows', () => {
  expect([sin(0), cos(0), tan(0), exp(0), log(1), log(Math.E)]).toEqual([0, 1, 0, 1, 0, 1]);
  near(exp(1), Math.E);
  expect([cos(Math.PI), sin(Math.PI / 2), cos(2 * Math.PI)]).toEqual([-1, 1, 1]);
  expect(cos(Math.PI / 2)).toBe(6.123233995736766e-17);
  expect([exp(-Infinity), exp(Infinity), exp(-800), exp(800), log(0), log(-1), log(Infinity)]).toEqual([
    0,
    Infinity,
    0,
    Infinity,
    -Infinity,
    NaN,
    Infinity,
  ]);
  for (const y of [-1, -0, 0, 1]) {
    for (const x of [-1, -0, 0, 1]) {
      near(atan2(y, x), Math.atan2(y, x));
      expect(Object.is(atan2(y, x), -0), `${y}, ${x}`).toBe(Object.is(Math.atan2(y, x), -0));
    }
  }
  expect([pow(0, 2.4), pow(3, 0), pow(0, 0)]).toEqual([0, 1, 1]);
  expect(() => sin(1e7)).toThrow(RangeError);
});

test('bit for bit', () => {
  expect(digest()).toBe(DIGEST);
});

test('what follows from a seed is computed with no other', () => {
  const source = fileURLToPath(new URL('../src', import.meta.url));
  const files = ['scenes', 'rendering', 'tasks', 'datasets'].flatMap((folder) =>
    readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  // The view on the page is what a reader looks at; nothing follows from it.
  const own = [...files, 'random.ts'].filter((file) => file.endsWith('.ts') && file !== join('rendering', 'view.ts'));
  expect(own.length).toBeGreaterThan(100);
  const engine = /Math\.(a?(sin|cos|tan)h?|atan2|exp|expm1|log|log1p|log2|log10|pow|cbrt|hypot)\(/;
  expect(own.filter((file) => engine.test(readFileSync(join(source, file), 'utf8')))).toEqual([]);
});
