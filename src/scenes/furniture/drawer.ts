/** The front of a drawer or of a door, with its handle: shared by cabinets, desks and dressers. */
import type { Color, MeshBuilder } from '../mesh-builder';
import { BRASS, DARK_STEEL, shade } from '../palette';
import type { Vec2 } from '../scene';

/** A drawer's front over `xs` and `zs` that stands out to -y by `thickness` metres from y, handle included. */
export function addDrawer(mesh: MeshBuilder, xs: Vec2, y: number, zs: Vec2, thickness: number, tint: Color): void {
  const front = y - thickness * 0.6;
  mesh.box([xs[0], front, zs[0]], [xs[1], y, zs[1]], shade(tint, 0.97));
  const middle = (xs[0] + xs[1]) / 2;
  const half = Math.min(0.07, (xs[1] - xs[0]) / 5);
  const z = zs[1] - Math.min(0.06, (zs[1] - zs[0]) / 2);
  mesh.box([middle - half, y - thickness, z - 0.008], [middle + half, front, z + 0.008], DARK_STEEL, 0.003);
}

/** A cupboard door like `addDrawer`'s front, its upright handle near the edge at `handleX`. */
export function addDoor(
  mesh: MeshBuilder,
  xs: Vec2,
  y: number,
  zs: Vec2,
  thickness: number,
  handleX: number,
  tint: Color,
): void {
  const front = y - thickness * 0.6;
  mesh.box([xs[0], front, zs[0]], [xs[1], y, zs[1]], shade(tint, 0.97));
  const z = zs[0] + 0.55 * (zs[1] - zs[0]);
  mesh.box([handleX - 0.008, y - thickness, z - 0.07], [handleX + 0.008, front, z + 0.07], BRASS, 0.003);
}
