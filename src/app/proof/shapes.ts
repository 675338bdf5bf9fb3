/** Shapes that several families draw. */
import { BOX_EDGES, boxCorners, closestPointInBox, closestPoints } from '../../scenes/geometry';
import { cameraPosition } from '../../scenes/camera';
import type { Camera, Vec3 } from '../../scenes/scene';
import { distance } from '../../scenes/vectors';
import type { FrameShape, NamedObject, RoomShape, Tone } from './proof';
import type { FrameSummary } from '../../lab/protocol';

/** Radians between two points of a drawn arc. */
const ARC_STEP = Math.PI / 36;

const centimetres = (metres: number) => `${(100 * metres).toFixed(0)} cm`;
export const metres = (value: number) => `${value.toFixed(2)} m`;

/** The object's oriented box, named. */
export function boxShape({ box, name }: NamedObject, tone: Tone = 'plain'): RoomShape {
  return { kind: 'box', box, label: name, tone };
}

/** The object's footprint on the plan, for what the image shows otherwise. */
export function footprintShape(object: NamedObject): RoomShape {
  return { ...boxShape(object), planOnly: true };
}

/** The point on the floor beneath (x, y). */
export function floorPoint([x, y]: readonly [number, number, ...number[]]): Vec3 {
  return [x, y, 0];
}

export function lineShape(points: readonly Vec3[], label: string, tone: Tone, arrow = false): RoomShape {
  return { kind: 'line', points, label, tone, arrow };
}

/** The segment between the closest points of two objects, with its length; nothing where they touch. */
export function gapShape(a: NamedObject, b: NamedObject, tone: Tone): RoomShape[] {
  const closest = closestPoints(a.box, b.box);
  return closest ? [lineShape([closest.from, closest.to], metres(closest.distance), tone)] : [];
}

/** The segment from the camera to the object's closest point, which the camera itself sees as a point. */
export function sightShapes(camera: Camera, object: NamedObject, tone: Tone): RoomShape[] {
  const eye = cameraPosition(camera);
  const at = closestPointInBox(eye, object.box);
  return [lineShape([eye, at], '', tone), { kind: 'point', at, label: metres(distance(eye, at)), tone }];
}

/** The longest edge of the object's box that is nearest to the camera, with its length. */
export function longestEdge(camera: Camera, { box }: NamedObject, tone: Tone): RoomShape {
  const longest = box.axesLengths.indexOf(Math.max(...box.axesLengths));
  const corners = boxCorners(box);
  const eye = cameraPosition(camera);
  const away = ([p, q]: readonly [number, number]) => distance(eye, corners[p]) + distance(eye, corners[q]);
  const edges = BOX_EDGES.filter(([p, q]) => q - p === 1 << longest);
  const [p, q] = edges.reduce((near, edge) => (away(edge) < away(near) ? edge : near));
  return lineShape([corners[p], corners[q]], centimetres(box.axesLengths[longest]), tone);
}

/** An arc on the floor around `center`, from the direction `start` on by `sweep` (radians, to the left positive). */
export function arcShape(
  center: Vec3,
  radius: number,
  start: number,
  sweep: number,
  label: string,
  tone: Tone,
): RoomShape {
  const steps = Math.max(2, Math.ceil(Math.abs(sweep) / ARC_STEP));
  const points = Array.from({ length: steps + 1 }, (_, step): Vec3 => {
    const angle = start + (sweep * step) / steps;
    return [center[0] + radius * Math.cos(angle), center[1] + radius * Math.sin(angle), center[2]];
  });
  return lineShape(points, label, tone, true);
}

/** Radius of a turn's arc: within what it measures, and large enough to be seen. */
export function arcRadius(...legs: readonly number[]): number {
  return Math.min(0.9, 0.5 * Math.min(...legs));
}

/** The point on the floor beneath the object's centre. */
export const floorCenter = ({ box }: NamedObject): Vec3 => floorPoint(box.centroid);

/** Distance on the floor plane. */
export const floorLength = (a: Vec3, b: Vec3) => Math.hypot(b[0] - a[0], b[1] - a[1]);

/** Direction from `a` to `b` on the floor plane, radians from x towards y. */
export function directionBetween(a: Vec3, b: Vec3): number {
  return Math.atan2(b[1] - a[1], b[0] - a[0]);
}

type Rectangle = readonly [number, number, number, number];

/** A pixel box of the frame as shares of it. */
export function shares({ camera: { width, height } }: FrameSummary, [x, y, w, h]: Rectangle): Rectangle {
  return [x / width, y / height, w / width, h / height];
}

/** What frame `frame` shows of `object`, as a rectangle; nothing where it shows none of it. */
export function seenShape(
  frames: readonly FrameSummary[],
  frame: number,
  object: NamedObject,
  label: string,
  tone: Tone,
): FrameShape[] {
  const seen = frames[frame].visible.find((entry) => entry.object === object.id);
  return seen ? [{ kind: 'rectangle', frame, rectangle: shares(frames[frame], seen.bbox), label, tone }] : [];
}
