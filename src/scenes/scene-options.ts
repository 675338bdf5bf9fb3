/**
 * Randomization as a config: what may vary from scene to scene, each as a range [lowest, highest] that a scene draws
 * from. Left out, a scene is as real rooms are. Widening the ranges is the usual domain randomization (Tobin et al.,
 * 2017). The one schema is behind the command line's help, the page's form and the check of both.
 */
import { z } from 'zod';
import { PLAN_SHAPES } from './floor-plan';
import type { OwnObject } from './own-object';
import { ROOM_TYPES, type Range } from './room-types';

/** A range that lies within `limits`, the least and the largest value that make sense. */
function range(limits: Range, description: string) {
  const [least, most] = limits;
  return z
    .tuple([z.number(), z.number()])
    .readonly()
    .refine(([low, high]) => low >= least && low <= high && high <= most)
    .optional()
    .meta({ description, remedy: `[lowest, highest] within ${least} to ${most}` });
}

function choice<const Name extends string>(names: readonly Name[], description: string) {
  return z
    .enum(names)
    .optional()
    .meta({ description, remedy: `one of ${names.join(', ')}` });
}

const randomizationSchema = z.strictObject({
  roomType: choice(
    ROOM_TYPES.map(({ name }) => name),
    'Type of every room; left out: any',
  ),
  shape: choice(PLAN_SHAPES, 'Shape of every plan; left out: any, most often a rectangle'),
  maxObjects: z.int().min(1).optional().meta({
    description: 'Most pieces in a room; left out: no limit',
    remedy: 'a whole number from 1 on',
  }),
  count: range([0.1, 4], 'Factor on how many pieces of a category a room holds; left out: 1'),
  clutter: range([0, 4], 'Factor on how often small things stand on furniture, 0 for none; left out: 1'),
  light: range([0.1, 1.5], 'Factor on the light that surfaces return, as if the lamp were dimmed; left out: 1'),
  warmth: range([-1, 1], 'Tint of the light from -1 (cold, blue) to 1 (warm, orange); left out: 0'),
  texture: range([0, 4], 'Factor on the contrast of boards, tiles and carpets, 0 for plain floors; left out: 1'),
  eyeHeight: range([0.3, 2], 'Height of the camera above the floor, metres; left out: 1.3 to 1.7'),
  fieldOfView: range([0.35, 2.4], 'Horizontal field of view, radians; left out: 1.05 to 1.57'),
});

/** What a room and its cameras are drawn from, as plain data. */
export type Randomization = z.infer<typeof randomizationSchema>;

/** What a room is drawn from. */
export interface RoomOptions extends Omit<Randomization, 'eyeHeight' | 'fieldOfView'> {
  /** Objects that a user brings (`ownObject`): each is placed once, wherever a part of the plan has a place for it. */
  readonly own?: readonly OwnObject[];
}

/** A field of the randomization, for help and forms. */
interface RandomizationField {
  readonly name: keyof Randomization;
  readonly description: string;
  /** What its value may be. */
  readonly remedy: string;
  readonly kind: 'choice' | 'number' | 'range';
  /** What a choice may be. */
  readonly choices: readonly string[];
}

export const RANDOMIZATION_FIELDS: readonly RandomizationField[] = randomizationSchema.keyof().options.map((name) => {
  const schema = randomizationSchema.shape[name];
  const { description, remedy } = schema.meta() ?? {};
  const inner = schema.unwrap();
  return {
    name,
    description: String(description),
    remedy: String(remedy),
    kind: inner instanceof z.ZodEnum ? 'choice' : inner instanceof z.ZodNumber ? 'number' : 'range',
    choices: inner instanceof z.ZodEnum ? inner.options : [],
  };
});

/**
 * `value`, with its fields in the schema's order.
 * Throws RangeError that names the field that is unknown or senseless, and what it may be.
 */
export function checkRandomization(value: unknown): Randomization {
  const parsed = randomizationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue.code === 'unrecognized_keys') {
    const known = RANDOMIZATION_FIELDS.map(({ name }) => name).join(', ');
    throw new RangeError(`no randomization '${issue.keys[0]}'; give any of ${known}`);
  }
  const field = RANDOMIZATION_FIELDS.find(({ name }) => name === issue.path[0]);
  if (field === undefined) throw new RangeError('the randomization is no object like {"light": [0.5, 1]}');
  const given: unknown = Object.entries(value as object).find(([name]) => name === field.name)?.[1];
  throw new RangeError(`${field.name} is ${shown(given)}; give ${field.remedy}`);
}

function shown(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : typeof value === 'string' ? `'${value}'` : String(value);
}
