import { describe, expect, test } from 'vitest';
import { placeColumn } from '../../src/kernels/place-column';
import { cpu, DEVICES } from './support';

describe.each(DEVICES)('place-column on $name', ({ run }) => {
  test.each([
    { outer: 3, columns: 4, inner: 5, column: 2 },
    { outer: 70, columns: 3, inner: 1, column: 0 },
    { outer: 1, columns: 2, inner: 65, column: 1 },
  ])('writes column $column of $outer x $columns x $inner and nothing else', async (sizes) => {
    const { outer, columns, inner, column } = sizes;
    const values = Float32Array.from({ length: outer * inner }, (_, i) => 1 + i);
    const before = Float32Array.from({ length: outer * columns * inner }, (_, i) => -1 - i);
    const { target } = await run(placeColumn, { values, target: before.slice() }, sizes);
    const expected = before.map((old, at) => {
      const [row, place] = [Math.floor(at / (columns * inner)), Math.floor(at / inner) % columns];
      return place === column ? values[row * inner + (at % inner)] : old;
    });
    expect(Float32Array.from(target)).toEqual(expected);
  });
});

test('refuses a column that is not there', async () => {
  const buffers = { values: new Float32Array(2), target: new Float32Array(4) };
  await expect(cpu.run(placeColumn, buffers, { outer: 2, columns: 2, inner: 1, column: 2 })).rejects.toThrow(
    'column (2) must be below columns (2)',
  );
});
