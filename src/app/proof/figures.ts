/**
 * The evidence's values in words: what each is called, and its value with a unit. Metres, radians and shares come in.
 */
import { words } from '../format';

export interface Figure {
  readonly name: string;
  readonly value: string;
}

type NameOf = (object: number) => string;

const metres = (value: number) => `${value.toFixed(2)} m`;
const share = (value: number) => `${(100 * value).toFixed(1)} %`;
const degrees = (value: number) => `${Math.abs((value * 180) / Math.PI).toFixed(1)}°`;
/** Radians to the left. */
export const turned = (value: number) =>
  Math.abs(value) < 1e-9 ? 'ahead' : `${degrees(value)} ${value > 0 ? 'left' : 'right'}`;
const pointNames = ['P', 'Q'];

const TABLE: readonly (readonly [
  RegExp,
  (ids: readonly number[], name: NameOf) => string,
  (value: number) => string,
])[] = [
  [/^count$/, () => 'How many', String],
  [/^bearing_(\d+)$/, ([id], name) => `${name(id)}, from the camera’s heading`, turned],
  [/^distance_to_camera_(\d+)$/, ([id], name) => `${name(id)} to the camera, closest point`, metres],
  [/^distance_to_center_(\d+)$/, ([id], name) => `${name(id)} to the camera, centre`, metres],
  [/^distance$/, () => 'Between the closest points', metres],
  [/^distance_(\d+)_(\d+)$/, ([a, b], name) => `${name(a)} to ${name(b)}`, metres],
  [/^side_x$/, () => 'Side along its x axis', metres],
  [/^side_y$/, () => 'Side along its y axis', metres],
  [/^side_z$/, () => 'Height', metres],
  [/^longest$/, () => 'Longest side', metres],
  [/^longest_(\d+)$/, ([id], name) => `${name(id)}, longest side`, metres],
  [/^span_x$/, () => 'Floor along x', metres],
  [/^span_y$/, () => 'Floor along y', metres],
  [/^area$/, () => 'Area of the floor', (value) => `${value.toFixed(2)} m²`],
  [
    /^turn_(\d+)_(\d+)_(\d+)$/,
    ([at, facing, to], name) => `By the ${name(at)}, from the ${name(facing)} to the ${name(to)}`,
    turned,
  ],
  [/^route_turn_(\d+)$/, ([k]) => `Turn ${k}`, turned],
  [/^image_x_(\d+)$/, ([id], name) => `${name(id)}, middle from the left`, share],
  [/^image_y_(\d+)$/, ([id], name) => `${name(id)}, middle from the top`, share],
  [/^visible_fraction_(\d+)$/, ([id], name) => `${name(id)}, visible`, share],
  [/^point_distance_([12])$/, ([which]) => `${pointNames[which - 1]} to the camera`, metres],
  [/^moved_forward$/, () => 'Moved along its first heading', metres],
  [/^moved_left$/, () => 'Moved to the left of it', metres],
  [/^displacement$/, () => 'Moved in all', metres],
  [/^turned$/, () => 'Turned', turned],
  [/^first_seen_(\d+)$/, ([id], name) => `${name(id)}, first seen after`, (value) => `${value.toFixed(1)} s`],
];

/** The values as figures, in their order. One whose name is not known here is shown as it is. */
export function figuresOf(
  values: Readonly<Record<string, number>>,
  nameOf: (object: number) => string | undefined,
): Figure[] {
  const name = (id: number) => nameOf(id) ?? `object ${id}`;
  return Object.entries(values).map(([key, value]) => {
    for (const [pattern, describe, format] of TABLE) {
      const match = pattern.exec(key);
      if (!match) continue;
      const text = describe(match.slice(1).map(Number), name);
      return { name: text.charAt(0).toUpperCase() + text.slice(1), value: format(value) };
    }
    return { name: words(key), value: String(Number(value.toPrecision(4))) };
  });
}
