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
import { hangPictures } from './pictures';
import { placeFurniture, type Placed, type Placement, type Rejection, type Wanted } from './placement';
import { polygonArea, wallPoint, wallsOf } from './plan';
import { ROOM_TYPES, roomTypeOf, type Range, type RoomType, type RoomTypeName } from './room-types';
import type { Room, SceneObject, Vec3 } from './scene';
import { buildShell } from './shell';

/** A room with fewer pieces has little to ask about. */
const BARE = 5;
const FURNISHING_DRAWS = 4;

export interface RoomOptions {
  /** Left out: drawn from the seed. */
  readonly roomType?: RoomTypeName;
  /** Left out: drawn from the seed, most often a rectangle. */
  readonly shape?: PlanShape;
  /** At most this many pieces of furniture; left out: as many as the room type asks for. */
  readonly maxObjects?: number;
}

export interface SynthesizedRoom {
  readonly room: Room;
  /** Furniture that was wanted but found no place, with the reason. */
  readonly rejected: readonly Rejection[];
}

/**
 * The room that `seed` (an integer) and `options` fix. Lengths are metres, z is up, the plan is centred on the origin.
 * Throws RangeError on a seed that is no integer, an unknown room type, or a `maxObjects` that is no whole number >= 1.
 */
export function synthesizeRoom(seed: number, options: RoomOptions = {}): SynthesizedRoom {
  const { maxObjects = Infinity } = options;
  if (maxObjects !== Infinity && !(Number.isInteger(maxObjects) && maxObjects >= 1)) {
    throw new RangeError(`synthesizeRoom: maxObjects is ${maxObjects}; give a whole number of at least 1`);
  }
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
  const { placed, rejected } = furnishZones(seed, zones, plan, maxObjects);
  const footprints = placed.map(({ footprint }) => footprint);
  const pictures = hangPictures(walls, openings, footprints, stream(seed, 'pictures'));
  const room: Room = {
    seed,
    type: zones.map((zone) => zone.type.name).join(' and '),
    polygon,
    height,
    area: polygonArea(polygon),
    doors: openings.filter(({ kind }) => kind === 'door').map(({ wall, middle }) => wallPoint(wall, middle, 0)),
    objects: placed.map((piece) => buildObject(seed, piece)),
    shell: buildShell(plan, pictures, type.floor, stream(seed, 'shell')),
  };
  return { room, rejected };
}

/** Most rooms are rectangles. */
function drawShape(random: RandomStream): PlanShape {
  return random.next() < 0.75 ? 'rectangle' : random.pick(PLAN_SHAPES);
}

/** Furnishes each part of the plan as its type; ids go on from one to the next. */
function furnishZones(seed: number, zones: readonly Zone[], plan: Plan, maxObjects: number): Placement {
  const placed: Placed[] = [];
  const rejected: Rejection[] = [];
  for (const [index, { type, polygon }] of zones.entries()) {
    const left = maxObjects - placed.length;
    if (left <= 0) break;
    const share = index + 1 < zones.length ? Math.ceil(left / (zones.length - index)) : left;
    const zone = { ...plan, polygon, walls: wallsOf(polygon) };
    const result = furnish(seed, index, type, zone, share);
    const first = placed.length;
    for (const piece of result.placed) {
      placed.push({ ...piece, id: piece.id + first, support: piece.support && piece.support + first });
    }
    rejected.push(...result.rejected);
  }
  return { placed, rejected };
}

/** Draws furniture and places it; a draw that leaves the room bare is drawn again, and the fullest is kept. */
function furnish(seed: number, zone: number, type: RoomType, plan: Plan, maxObjects: number): Placement {
  let best: Placement | null = null;
  for (let draw = 0; draw < FURNISHING_DRAWS; draw++) {
    const wanted = drawFurniture(type, stream(seed, 'furniture', zone, draw)).slice(0, maxObjects);
    const result = placeFurniture(wanted, plan, stream(seed, 'placement', zone, draw));
    if (best === null || result.placed.length > best.placed.length) best = result;
    if (best.placed.length >= Math.min(BARE, maxObjects)) break;
  }
  return best!;
}

/** What the room shall hold, in random order, so that a limit on the number of pieces prefers no category. */
function drawFurniture({ name }: RoomType, random: RandomStream): Wanted[] {
  const wanted: Wanted[] = [];
  for (const furniture of FURNITURE) {
    const occurrence = furniture.rooms[name];
    if (occurrence === undefined || random.next() >= occurrence.probability) continue;
    const count = random.integer(...occurrence.count);
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

function buildObject(seed: number, { id, furniture, size, footprint, support }: Placed): SceneObject {
  const builder = new MeshBuilder();
  furniture.build(builder, size, stream(seed, 'model', furniture.category, furniture.matching ? 0 : id));
  const position: Vec3 = [footprint.center[0], footprint.center[1], footprint.z0];
  return {
    id,
    category: furniture.category,
    box: uprightBox(builder.bounds(), position, footprint.yaw),
    support,
    mesh: builder.build(position, footprint.yaw),
  };
}
