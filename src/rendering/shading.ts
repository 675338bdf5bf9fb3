/**
 * How a surface of a room looks: albedo under a hemisphere of ambient light, one lamp below the ceiling and a soft
 * fill, with contact shadows under the furniture and a little darkness along the skirting. This file is the definition, with its
 * constants, and what the software rasterizer runs; shading-nodes.ts says the same to the GPU, and a test compares
 * the two pixel by pixel.
 */
import type { RoomMesh } from '../scenes/room-mesh';
import type { Vec3 } from '../scenes/scene';
import { CONTACT_CELLS, contactShadows } from './contact';

/** Radiance is linear RGB, lengths are metres, directions point away from the surface. */
export const SHADING = {
  /** Ambient light from above and from below. */
  sky: [0.34, 0.35, 0.37],
  ground: [0.23, 0.205, 0.18],
  /** The lamp: its radiance close by, the distance at which it has halved, its drop below the ceiling. */
  lamp: [1.15, 1.06, 0.92],
  lampReach: 2.6,
  lampDrop: 0.35,
  /** A soft light from one side, so that two walls at a right angle differ. */
  fill: [0.16, 0.17, 0.19],
  fillDirection: [0.64, 0.48, 0.6],
  /** Darkening of steep surfaces towards floor and ceiling: how much, and the height at which it has faded to 1/e. */
  skirting: 0.3,
  skirtingHeight: 0.18,
  /** Darkening of the floor, and of what lies on it below this height, by the contact shadows. */
  contact: 0.8,
  contactHeight: 0.06,
  /** Radiance is shown as 1 - exp(-exposure * radiance). */
  exposure: 1.5,
} as const;

/** What shading needs to know of a room beyond the surface at hand. */
export interface RoomLighting {
  /** Position of the lamp, room coordinates, metres. */
  readonly lamp: Vec3;
  /** z of floor and ceiling, metres. */
  readonly floor: number;
  readonly ceiling: number;
  /** Map of `contactShadows` over the square with this corner and side, metres. */
  readonly contact: Uint8Array<ArrayBuffer>;
  readonly contactCorner: readonly [number, number];
  readonly contactSize: number;
}

const lightings = new WeakMap<RoomMesh, RoomLighting>();

/** The lamp hangs below the middle of the ceiling of `mesh`'s shell (instance 0), or of all of it without a shell. */
export function lightingOf(mesh: RoomMesh): RoomLighting {
  const known = lightings.get(mesh);
  if (known) return known;
  const { positions, instances } = mesh;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const hasShell = instances.includes(0);
  for (let vertex = 0; vertex < instances.length; vertex++) {
    if (hasShell && instances[vertex] !== 0) continue;
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis], positions[3 * vertex + axis]);
      high[axis] = Math.max(high[axis], positions[3 * vertex + axis]);
    }
  }
  const margin = 0.3; // The map's border is outside the room.
  const contactCorner = [low[0] - margin, low[1] - margin] as const;
  const contactSize = Math.max(high[0] - low[0], high[1] - low[1]) + 2 * margin;
  const lighting: RoomLighting = {
    lamp: [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, high[2] - SHADING.lampDrop],
    floor: low[2],
    ceiling: high[2],
    contact: contactShadows(mesh, contactCorner, contactSize, low[2]),
    contactCorner,
    contactSize,
  };
  lightings.set(mesh, lighting);
  return lighting;
}

/** 8-bit sRGB of linear values in steps of 1 / 16384: at most 0.2 levels off, and no power a channel. */
const ENCODED = Uint8Array.from({ length: 16385 }, (_, step) => {
  const linear = step / 16384;
  return Math.round(255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055));
});

/** The contact map at (x, y), 0 to 1, bilinear between cell centres. */
function contactAt({ contact, contactCorner, contactSize }: RoomLighting, x: number, y: number): number {
  const last = CONTACT_CELLS - 1;
  const u = Math.min(last, Math.max(0, ((x - contactCorner[0]) / contactSize) * CONTACT_CELLS - 0.5));
  const v = Math.min(last, Math.max(0, ((y - contactCorner[1]) / contactSize) * CONTACT_CELLS - 0.5));
  const [column, row] = [Math.min(last - 1, Math.floor(u)), Math.min(last - 1, Math.floor(v))];
  const [s, t] = [u - column, v - row];
  const first = row * CONTACT_CELLS + column;
  const upper = contact[first] * (1 - s) + contact[first + 1] * s;
  const lower = contact[first + CONTACT_CELLS] * (1 - s) + contact[first + CONTACT_CELLS + 1] * s;
  return (upper * (1 - t) + lower * t) / 255;
}

/**
 * Writes the 8-bit sRGB colour (and alpha 255) of a surface point to `target` from `offset` on.
 * albedo r, g, b; unit normal nx, ny, nz; position x, y, z, metres.
 */
export function shade(
  target: Uint8Array,
  offset: number,
  lighting: RoomLighting,
  albedo: ArrayLike<number>,
  normal: ArrayLike<number>,
  position: ArrayLike<number>,
): void {
  const s = SHADING;
  const [nx, ny, nz] = [normal[0], normal[1], normal[2]];
  const lx = lighting.lamp[0] - position[0];
  const ly = lighting.lamp[1] - position[1];
  const lz = lighting.lamp[2] - position[2];
  const squared = lx * lx + ly * ly + lz * lz;
  const lambert = Math.max(0, (nx * lx + ny * ly + nz * lz) / Math.sqrt(squared));
  const lamp = lambert / (1 + squared / (s.lampReach * s.lampReach));
  const up = 0.5 + 0.5 * nz;
  const [fx, fy, fz] = s.fillDirection;
  const fill = 0.5 + 0.5 * (nx * fx + ny * fy + nz * fz);
  const steep = 1 - Math.abs(nz);
  const gap = Math.min(position[2] - lighting.floor, lighting.ceiling - position[2]);
  const lying = nz > 0.5 && position[2] - lighting.floor < s.contactHeight;
  const shadow = lying ? 1 - s.contact * contactAt(lighting, position[0], position[1]) : 1;
  const occlusion = 1 - s.skirting * steep * Math.exp(-Math.max(0, gap) / s.skirtingHeight);
  for (let channel = 0; channel < 3; channel++) {
    const ambient = s.ground[channel] + (s.sky[channel] - s.ground[channel]) * up;
    const light = ((ambient + s.fill[channel] * fill) * occlusion + s.lamp[channel] * lamp) * shadow;
    const shown = 1 - Math.exp(-s.exposure * albedo[channel] * light);
    target[offset + channel] = ENCODED[Math.round(16384 * shown)];
  }
  target[offset + 3] = 255;
}
