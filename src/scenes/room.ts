/**
 * Synthesizes a furnished room from a seed: its type, plan, openings, furniture and places. The same seed and options
 * give the same room everywhere.
 */
import { stream, type RandomStream } from '../random';
import { FURNITURE } from './furniture/registry';
import type { Furniture, Size } from './furniture/furniture';
import { uprightBox } from './geometry';
import { MeshBuilder } from './mesh-builder';
import { placeOpenings } from './openings';
import { hangPictures } from './pictures';
import { placeFurniture, type Placed, type Placement, type Plan, type Rejection, type Wanted } from './placement';
import { polygonArea, wallsOf } from './plan';
import { ROOM_TYPES, type Range, type RoomType, type RoomTypeName } from './room-types';
import type { Room, SceneObject, Vec2, Vec3 } from './scene';
import { buildShell } from './shell';

/** A room with fewer pieces has little to ask about. */
const BARE = 5;
const FURNISHING_DRAWS = 4;

export interface RoomOptions {
  /** Left out: drawn from the seed. */
  readonly roomType?: RoomTypeName;
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
  const polygon = drawPlan(type, random);
  const walls = wallsOf(polygon);
  const openings = placeOpenings(walls, height, stream(seed, 'openings'));
  const plan = { polygon, height, walls, openings };
  const { placed, rejected } = furnish(seed, type, plan, maxObjects);
  const footprints = placed.map(({ footprint }) => footprint);
  const pictures = hangPictures(walls, openings, footprints, stream(seed, 'pictures'));
  const room: Room = {
    seed,
    type: type.name,
    polygon,
    height,
    area: polygonArea(polygon),
    objects: placed.map((piece) => buildObject(seed, piece)),
    shell: buildShell(polygon, height, walls, openings, pictures, type.floor, stream(seed, 'shell')),
  };
  return { room, rejected };
}

function roomTypeOf(name: string): RoomType {
  const found = ROOM_TYPES.find((type) => type.name === name);
  if (found !== undefined) return found;
  throw new RangeError(
    `synthesizeRoom: no room type '${name}'; give one of ${ROOM_TYPES.map((t) => t.name).join(', ')}`,
  );
}

/** A rectangle of the type's area, its sides at most 1.7 to 1. */
function drawPlan({ area: [smallest, largest] }: RoomType, random: RandomStream): readonly Vec2[] {
  const area = smallest * (largest / smallest) ** random.next();
  const aspect = random.uniform(1, 1.7);
  const [long, short] = [Math.sqrt(area * aspect) / 2, Math.sqrt(area / aspect) / 2];
  const [x, y] = random.next() < 0.5 ? [long, short] : [short, long];
  return [
    [-x, -y],
    [x, -y],
    [x, y],
    [-x, y],
  ];
}

/** Draws furniture and places it; a draw that leaves the room bare is drawn again, and the fullest is kept. */
function furnish(seed: number, type: RoomType, plan: Plan, maxObjects: number): Placement {
  let best: Placement | null = null;
  for (let draw = 0; draw < FURNISHING_DRAWS; draw++) {
    const wanted = drawFurniture(type, stream(seed, 'furniture', draw)).slice(0, maxObjects);
    const result = placeFurniture(wanted, plan, stream(seed, 'placement', draw));
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
