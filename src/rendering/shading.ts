/**
 * How a surface of a room looks: albedo under a hemisphere of ambient light, one lamp below the ceiling and a soft
 * fill, with contact shadows under the furniture and a little darkness along the skirting. This file is the definition, with its
 * constants, and what the software rasterizer runs; shading-nodes.ts says the same to the GPU, and a test compares
 * the two pixel by pixel.
 */
import * as exact from '../exact-math';
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

/**
 * The 8-bit sRGB colour that exposed radiance is shown as, in steps of 1 / 16384 up to 3, which no light here exceeds:
 * at most 0.2 levels off, and neither an exponential nor a power a channel.
 */
const STEPS = 16384;
const SHOWN = Uint8Array.from({ length: 3 * STEPS + 1 }, (_, step) => {
  const linear = 1 - exact.exp(-step / STEPS);
  return Math.round(255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055));
});

function shown(steps: number): number {
  return SHOWN[Math.min(3 * STEPS, (steps + 0.5) | 0)];
}

/** How much the skirting darkens a steep surface so many millimetres from floor or ceiling; at 2 m it has long faded. */
const DARKENED = Float64Array.from(
  { length: 2001 },
  (_, millimetres) => SHADING.skirting * exact.exp(-millimetres / 1000 / SHADING.skirtingHeight),
);

/** The contact map at (x, y), 0 to 1, bilinear between cell centres. */
function contactAt({ contact, contactCorner, contactSize }: RoomLighting, x: number, y: number): number {
  const last = CONTACT_CELLS - 1;
  const u = Math.min(last, Math.max(0, ((x - contactCorner[0]) / contactSize) * CONTACT_CELLS - 0.5));
  const v = Math.min(last, Math.max(0, ((y - contactCorner[1]) / contactSize) * CONTACT_CELLS - 0.5));
  const column = Math.min(last - 1, Math.floor(u));
  const row = Math.min(last - 1, Math.floor(v));
  const s = u - column;
  const t = v - row;
  const first = row * CONTACT_CELLS + column;
  const upper = contact[first] * (1 - s) + contact[first + 1] * s;
  const lower = contact[first + CONTACT_CELLS] * (1 - s) + contact[first + CONTACT_CELLS + 1] * s;
  return (upper * (1 - t) + lower * t) / 255;
}

/** Shades points of surfaces: first the surface is set, then any number of its points are shaded. */
export class Shader {
  private readonly lighting: RoomLighting;
  private readonly normal = new Float64Array(3);
  /** Steps of `SHOWN` that the surface returns of ambient light and fill, and of the lamp close by; 3 channels each. */
  private readonly ambient = new Float64Array(3);
  private readonly direct = new Float64Array(3);

  constructor(lighting: RoomLighting) {
    this.lighting = lighting;
  }

  /** Linear RGB albedo; unit normal. */
  setSurface(red: number, green: number, blue: number, nx: number, ny: number, nz: number): void {
    const { sky, ground, fill, fillDirection, lamp, exposure } = SHADING;
    const { normal, ambient, direct } = this;
    normal[0] = nx;
    normal[1] = ny;
    normal[2] = nz;
    const up = 0.5 + 0.5 * nz;
    const side = 0.5 + 0.5 * (nx * fillDirection[0] + ny * fillDirection[1] + nz * fillDirection[2]);
    for (let channel = 0; channel < 3; channel++) {
      const scale = exposure * STEPS * (channel === 0 ? red : channel === 1 ? green : blue);
      ambient[channel] = scale * (ground[channel] + (sky[channel] - ground[channel]) * up + fill[channel] * side);
      direct[channel] = scale * lamp[channel];
    }
  }

  /** Writes the 8-bit sRGB colour (and alpha 255) of the surface's point (x, y, z), metres, from `offset` on. */
  shade(target: Uint8Array, offset: number, x: number, y: number, z: number): void {
    const { lampReach, contact, contactHeight } = SHADING;
    const { lighting, normal, ambient, direct } = this;
    const nz = normal[2];
    const lx = lighting.lamp[0] - x;
    const ly = lighting.lamp[1] - y;
    const lz = lighting.lamp[2] - z;
    const squared = lx * lx + ly * ly + lz * lz;
    const lambert = Math.max(0, (normal[0] * lx + normal[1] * ly + nz * lz) / Math.sqrt(squared));
    const lamp = lambert / (1 + squared / (lampReach * lampReach));
    const steep = 1 - Math.abs(nz);
    const gap = Math.min(z - lighting.floor, lighting.ceiling - z);
    const occlusion = 1 - steep * DARKENED[Math.min(2000, Math.max(0, (1000 * gap + 0.5) | 0))];
    const lying = nz > 0.5 && z - lighting.floor < contactHeight;
    const shadow = lying ? 1 - contact * contactAt(lighting, x, y) : 1;
    const lit = occlusion * shadow;
    const beamed = lamp * shadow;
    target[offset] = shown(ambient[0] * lit + direct[0] * beamed);
    target[offset + 1] = shown(ambient[1] * lit + direct[1] * beamed);
    target[offset + 2] = shown(ambient[2] * lit + direct[2] * beamed);
    target[offset + 3] = 255;
  }
}
