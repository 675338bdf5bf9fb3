/** A lampshade, open below and above, with the light inside: shared by the lamps. */
import type { Color, MeshBuilder } from '../mesh-builder';
import { WHITE } from '../palette';

/** Adds a shade from z0 to z1 around the z axis, `radius` metres at the bottom and `taper` of that at the top. */
export function addLampshade(
  mesh: MeshBuilder,
  radius: number,
  z0: number,
  z1: number,
  taper: number,
  tint: Color,
): void {
  const height = z1 - z0;
  const wall = 0.012 / radius;
  // Up the outside, down the inside, and across at mid-height, where the bulb's holder would be.
  mesh.lathe(
    [0, 0, z0],
    [radius, radius],
    [
      [0, 0.5 * height],
      [0.5 * (1 + taper) - wall, 0.5 * height - 0.002],
      [1 - wall, 0],
      [1, 0],
      [taper, height],
      [taper - wall, height],
      [0.5 * (1 + taper) - 2 * wall, 0.5 * height + 0.006],
      [0, 0.5 * height + 0.008],
    ],
    tint,
    { sides: 16 },
  );
  mesh.ellipsoid([0, 0, z0 + 0.36 * height], [0.03, 0.03, 0.04], WHITE, 8);
}
