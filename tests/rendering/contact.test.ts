/** Contact shadows where they must fall and where they must not. */
import { describe, expect, it } from 'vitest';
import { CONTACT_CELLS, contactShadows } from '../../src/rendering/contact';
import { blockRoom } from './fixtures';

const COLOR = [0.5, 0.5, 0.5] as const;

/** Map of a 4 x 4 m room with `blocks`, read at room coordinates. */
function shadowsOf(blocks: Parameters<typeof blockRoom>[1]) {
  const map = contactShadows(blockRoom([4, 4, 2.5], blocks), [-2.3, -2.3], 4.6, 0);
  const cellOf = (x: number) => Math.floor(((x + 2.3) / 4.6) * CONTACT_CELLS);
  return (x: number, y: number) => map[cellOf(y) * CONTACT_CELLS + cellOf(x)];
}

describe('contactShadows', () => {
  it('leaves the middle of an empty floor lit and darkens it along every wall', () => {
    const at = shadowsOf([]);
    expect(at(0, 0)).toBe(0);
    for (const [x, y] of [
      [1.95, 0],
      [-1.95, 0],
      [0, 1.95],
      [0, -1.95],
    ]) {
      expect(at(x, y)).toBeGreaterThan(40);
    }
  });

  it('falls around what stands, less under what hangs, and not from what lies flat', () => {
    const standing = shadowsOf([{ id: 1, center: [0.5, -0.4, 0.4], size: [0.6, 0.6, 0.8], color: COLOR }]);
    const hanging = shadowsOf([{ id: 1, center: [0.5, -0.4, 1.1], size: [0.6, 0.6, 0.8], color: COLOR }]);
    const rug = shadowsOf([{ id: 1, center: [0.5, -0.4, 0.005], size: [0.6, 0.6, 0.01], color: COLOR }]);
    expect(standing(0.83, -0.4)).toBeGreaterThan(40);
    expect(standing(-0.5, 0.6)).toBe(0);
    expect(hanging(0.5, -0.4)).toBeGreaterThan(20);
    expect(hanging(0.5, -0.4)).toBeLessThan(0.6 * standing(0.5, -0.4));
    expect(rug(0.5, -0.4)).toBe(0);
  });
});
