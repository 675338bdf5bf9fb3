/**
 * Synthesizes a furnished room from a seed: its type, plan, openings, furniture and places. The same seed and options
 * give the same room everywhere.
 */
import { stream, type RandomStream } from '../random';
import { FURNITURE } from './furniture/registry';
import type { Furniture, Size } from './furniture/furniture';
import { drawOutline, PLAN_SHAPES, type Plan, type PlanShape, type Zone } from './floor-plan';
import { uprightBox } from './geometry';
import { MeshBuilder } from './mesh-builder';
import { placeOpenings } from './openings';
import { ownFurniture } from './own-object';
import { hangPictures } from './pictures';
import { placeFurniture, type Placed, type Placement, type Rejection, type Wanted } from './placement';
import { polygonArea, wallPoint, wallsOf } from './plan';
import { ROOM_TYPES, roomTypeOf, type Range, type RoomType } from './room-types';
import type { Room, SceneObject, TriangleMesh, Vec3 } from './scene';
import { checkRandomization, type RoomOptions } from './scene-options';
import { buildShell } from './shell';

/** A room with fewer pieces has little to ask about. */
const BARE = 5;
const FURNISHING_DRAWS = 4;

export interface SynthesizedRoom {
  readonly room: Room;
  /** Furniture that was wanted but found no place, with the reason. */
  readonly rejected: readonly Rejection[];
}

/**
 * The room that `seed` (an integer) and `options` fix. Lengths are metres, z is up, the plan is centred on the origin.
 * Throws RangeError on a seed that is no integer, and on options that `checkRandomization` refuses.
 */
export function synthesizeRoom(seed: number, options: RoomOptions = {}): SynthesizedRoom {
  const { own: brought = [], ...randomization } = options;
  checkRandomization(randomization);
  if (!Number.isInteger(seed)) throw new RangeError(`synthesizeRoom: the seed is ${seed}; give an integer`);
  const random = stream(seed, 'room');
  const drawn = random.pick(ROOM_TYPES);
  const type = options.roomType === undefined ? drawn : roomTypeOf(options.roomType);
  const height = random.uniform(...type.height);
  const shape = options.shape ?? drawShape(stream(seed, 'shape'));
  const { polygon, zones, passages, partitions } = drawOutline(type, shape, random);
  const walls = wallsOf(polygon);
  const outer = walls.filter((_, index) => !partitions.includes(index));
  const openings = placeOpenings(outer, height, stream(seed, 'openings'));
  const plan: Plan = { polygon, height, walls, openings, passages };
  const look = drawLook(seed, options);
  const own = brought.map((object) => ({ furniture: ownFurniture(object), size: object.size }));
  const { placed, rejected } = furnishZones(seed, zones, plan, look, own, options.maxObjects ?? Infinity);
  const footprints = placed.map(({ footprint }) => footprint);
  const pictures = hangPictures(walls, openings, footprints, stream(seed, 'pictures'));
  const room: Room = {
    seed,
    type: zones.map((zone) => zone.type.name).join(' and '),
    polygon,
    height,
    area: polygonArea(polygon),
    doors: openings.filter(({ kind }) => kind === 'door').map(({ wall, middle }) => wallPoint(wall, middle, 0)),
    objects: placed.map((piece) => buildObject(seed, piece, look)),
    shell: lit(buildShell(plan, pictures, type.floor, look.texture, stream(seed, 'shell')), look),
  };
  return { room, rejected };
}

/** What the options' ranges came to. */
type Look = Record<'count' | 'clutter' | 'light' | 'warmth' | 'texture', number>;

function drawLook(seed: number, options: RoomOptions): Look {
  const random = stream(seed, 'look');
  const draw = (range: Range = [1, 1]) => random.uniform(...range);
  return {
    count: draw(options.count),
    clutter: draw(options.clutter),
    light: draw(options.light),
    warmth: draw(options.warmth ?? [0, 0]),
    texture: draw(options.texture),
  };
}

/** `mesh` under the light of `look`: renderers have one lamp, so its strength and tint go into the albedo. */
function lit(mesh: TriangleMesh, { light, warmth }: Look): TriangleMesh {
  if (light === 1 && warmth === 0) return mesh;
  const tint = [light * (1 + 0.1 * warmth), light, light * (1 - 0.2 * warmth)];
  return { ...mesh, colors: mesh.colors.map((value, k) => Math.min(1, value * tint[k % 3])) };
}

/** Most rooms are rectangles. */
function drawShape(random: RandomStream): PlanShape {
  return random.next() < 0.75 ? 'rectangle' : random.pick(PLAN_SHAPES);
}

/**
 * Furnishes each part of the plan as its type; ids go on from one to the next. Pieces of `own` that find no place in a
 * part are wanted in the next one.
 */
function furnishZones(
  seed: number,
  zones: readonly Zone[],
  plan: Plan,
  look: Look,
  own: readonly Wanted[],
  maxObjects: number,
): Placement {
  const placed: Placed[] = [];
  const rejected: Rejection[] = [];
  let brought = own;
  for (const [index, { type, polygon }] of zones.entries()) {
    const left = maxObjects - placed.length;
    if (left <= 0) break;
    const last = index + 1 === zones.length;
    const share = last ? left : Math.ceil(left / (zones.length - index));
    const zone = { ...plan, polygon, walls: wallsOf(polygon) };
    const result = furnish(seed, index, type, zone, look, brought, share);
    const first = placed.length;
    for (const piece of result.placed) {
      placed.push({ ...piece, id: piece.id + first, support: piece.support && piece.support + first });
    }
    brought = homeless(brought, result);
    const givenUp = [...result.rejected];
    for (const { furniture } of last ? [] : brought) {
      const found = givenUp.findIndex(({ category }) => category === furniture.category);
      if (found >= 0) givenUp.splice(found, 1);
    }
    rejected.push(...givenUp);
  }
  return { placed, rejected };
}

/** Draws furniture and places it; a draw that leaves the room bare is drawn again, and the fullest is kept. */
function furnish(
  seed: number,
  zone: number,
  type: RoomType,
  plan: Plan,
  look: Look,
  own: readonly Wanted[],
  maxObjects: number,
): Placement {
  let best: Placement | null = null;
  for (let draw = 0; draw < FURNISHING_DRAWS; draw++) {
    const drawn = drawFurniture(type, look, stream(seed, 'furniture', zone, draw));
    const wanted = [...own, ...drawn].slice(0, maxObjects);
    const result = placeFurniture(wanted, plan, stream(seed, 'placement', zone, draw));
    // What was brought comes first, then how much there is.
    const gain = best === null ? 1 : homeless(own, best).length - homeless(own, result).length;
    if (best === null || gain > 0 || (gain === 0 && result.placed.length > best.placed.length)) best = result;
    if (homeless(own, best).length === 0 && best.placed.length >= Math.min(BARE, maxObjects)) break;
  }
  return best!;
}

/** Those of `own` that `placement` has no place for. */
function homeless(own: readonly Wanted[], { placed }: Placement): readonly Wanted[] {
  return own.filter((wanted) => !placed.some(({ furniture }) => furniture === wanted.furniture));
}

/** What the room shall hold, in random order, so that a limit on the number of pieces prefers no category. */
function drawFurniture({ name }: RoomType, look: Look, random: RandomStream): Wanted[] {
  const wanted: Wanted[] = [];
  for (const furniture of FURNITURE) {
    const occurrence = furniture.rooms[name];
    const often = furniture.placement.kind === 'on' ? look.clutter : 1;
    if (occurrence === undefined || random.next() >= often * occurrence.probability) continue;
    const count = Math.max(1, Math.round(look.count * random.integer(...occurrence.count)));
    const model = drawSize(furniture, random);
    for (let k = 0; k < count; k++)
      wanted.push({ furniture, size: furniture.matching ? model : drawSize(furniture, random) });
  }
  return random.shuffle(wanted);
}

function drawSize({ size, square, proportional }: Furniture, random: RandomStream): Size {
  const common = random.next();
  const draw = ([low, high]: Range) => low + (high - low) * (proportional ? common : random.next());
  const width = draw(size.width);
  const depth = draw(size.depth);
  return { width, depth: square ? width : depth, height: draw(size.height) };
}

function buildObject(seed: number, { id, furniture, size, footprint, support }: Placed, look: Look): SceneObject {
  const builder = new MeshBuilder();
  furniture.build(builder, size, stream(seed, 'model', furniture.category, furniture.matching ? 0 : id));
  const position: Vec3 = [footprint.center[0], footprint.center[1], footprint.z0];
  return {
    id,
    category: furniture.category,
    box: uprightBox(builder.bounds(), position, footprint.yaw),
    support,
    mesh: lit(builder.build(position, footprint.yaw), look),
  };
}
