/**
 * The kinds of rooms: how large and how high they are. What stands in them is said by each piece of furniture
 * (furniture/*.ts). Areas spread widely on purpose, so that a guesser who has not looked gains little.
 */
export type Range = readonly [number, number];

export interface RoomType {
  readonly name: RoomTypeName;
  /** Floor area, square metres; drawn uniformly in the logarithm. */
  readonly area: Range;
  /** Floor to ceiling, metres. */
  readonly height: Range;
  /** What the floor is made of. */
  readonly floor: 'planks' | 'tiles' | 'carpet';
}

export type RoomTypeName = 'living room' | 'bedroom' | 'kitchen' | 'office' | 'dining room' | 'bathroom';

export const ROOM_TYPES: readonly RoomType[] = [
  { name: 'living room', area: [10, 42], height: [2.4, 3.2], floor: 'planks' },
  { name: 'bedroom', area: [8, 30], height: [2.4, 3], floor: 'planks' },
  { name: 'kitchen', area: [7, 28], height: [2.4, 3], floor: 'tiles' },
  { name: 'office', area: [8, 40], height: [2.5, 3.2], floor: 'carpet' },
  { name: 'dining room', area: [9, 36], height: [2.4, 3.2], floor: 'planks' },
  { name: 'bathroom', area: [5, 18], height: [2.3, 2.8], floor: 'tiles' },
];

/** The room type of that name. Throws RangeError on an unknown one, and names those that there are. */
export function roomTypeOf(name: string): RoomType {
  const found = ROOM_TYPES.find((type) => type.name === name);
  if (found !== undefined) return found;
  throw new RangeError(`no room type '${name}'; give one of ${ROOM_TYPES.map((type) => type.name).join(', ')}`);
}
