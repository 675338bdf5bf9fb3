/** Visible pixels and 2D boxes, counted by hand. */
import { expect, it } from 'vitest';
import { visibilityOf } from '../../src/rendering/visibility';

it('counts the pixels and bounds the box of every instance but the shell', () => {
  // prettier-ignore
  const instances = Uint32Array.from([
    0, 0, 4, 0,
    2, 4, 0, 0,
    0, 4, 4, 4,
  ]);
  expect(visibilityOf({ width: 4, height: 3, instances })).toEqual([
    { object: 2, pixels: 1, bbox: [0, 1, 1, 1] },
    { object: 4, pixels: 5, bbox: [1, 0, 3, 3] },
  ]);
});
