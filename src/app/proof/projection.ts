/**
 * From shapes in the room to lines on a picture: through the camera that took it, or straight down onto a plan. The
 * result is in the picture's pixels, or in the plan's metres with y downwards.
 */
import { projectPoint } from '../../scenes/camera';
import { BOX_EDGES, boxCorners } from '../../scenes/geometry';
import type { Camera, OrientedBox, Vec3 } from '../../scenes/scene';
import { combine } from '../../scenes/vectors';
import type { RoomShape, Tone } from './proof';

export type Point = readonly [number, number];

/** What is drawn: strokes and dots, and a label with the place that it belongs to. */
export interface DrawnShape {
  readonly tone: Tone;
  readonly strokes: readonly (readonly Point[])[];
  /** Whether the last stroke ends in an arrow head. */
  readonly arrow: boolean;
  readonly dots: readonly Point[];
  readonly label: string;
  /** Where the label belongs; null where nothing of the shape is shown. */
  readonly anchor: Point | null;
}

/** Lines are cut at this planar depth, metres: what is behind the eye has no image. */
const NEAREST = 0.05;
/** A line shorter than this, pixels, runs along the line of sight and is no line in the image. */
const SHORTEST = 2;

/** Projects `shapes` through `camera`. Strokes may reach beyond the picture's border. */
export function throughCamera(camera: Camera, shapes: readonly RoomShape[]): DrawnShape[] {
  return shapes.map((shape) => {
    const common = { tone: shape.tone, label: shape.label, dots: [], strokes: [], arrow: false };
    switch (shape.kind) {
      case 'box': {
        const strokes = boxStrokes(camera, shape.box);
        return { ...common, strokes, anchor: topOf(strokes) };
      }
      case 'line': {
        const strokes = polyline(camera, shape.points);
        const shown = strokes.some((stroke) => lengthOf(stroke) >= SHORTEST) ? strokes : [];
        return { ...common, strokes: shown, arrow: shape.arrow, anchor: middleOf(shown) };
      }
      case 'point': {
        const at = projectPoint(camera, shape.at);
        const dots = at && at[2] >= NEAREST ? [[at[0], at[1]] as const] : [];
        return { ...common, dots, anchor: dots[0] ?? null };
      }
    }
  });
}

/** Projects `shapes` onto the floor plan: boxes as footprints; y runs down, as pictures do. */
export function ontoPlan(shapes: readonly RoomShape[]): DrawnShape[] {
  return shapes.map((shape) => {
    const common = { tone: shape.tone, label: shape.label, dots: [], strokes: [], arrow: false };
    switch (shape.kind) {
      case 'box': {
        const outline = footprint(shape.box);
        const [x, y] = onPlan(shape.box.centroid);
        return { ...common, strokes: [[...outline, outline[0]]], anchor: [x, y] };
      }
      case 'line': {
        const strokes = [shape.points.map(onPlan)];
        return { ...common, strokes, arrow: shape.arrow, anchor: middleOf(strokes) };
      }
      case 'point': {
        const at = onPlan(shape.at);
        return { ...common, dots: [at], anchor: at };
      }
    }
  });
}

/** A point of the room on the plan. */
export function onPlan([x, y]: readonly [number, number, ...number[]]): Point {
  return [x, -y];
}

/** The outline of a box whose third axis is vertical, on the plan. */
export function footprint(box: OrientedBox): Point[] {
  const corners = boxCorners(box);
  return [0, 1, 3, 2].map((corner) => onPlan(corners[corner]));
}

function boxStrokes(camera: Camera, box: OrientedBox): Point[][] {
  const corners = boxCorners(box);
  return BOX_EDGES.flatMap(([p, q]) => polyline(camera, [corners[p], corners[q]]));
}

/** The parts of a polyline that lie before the eye, in pixels. */
function polyline(camera: Camera, points: readonly Vec3[]): Point[][] {
  const strokes: Point[][] = [];
  for (let k = 1; k < points.length; k++) {
    const part = cut(camera, points[k - 1], points[k]);
    if (!part) continue;
    const [from, to] = part;
    const last = strokes.at(-1);
    const end = last?.at(-1);
    if (last && end && end[0] === from[0] && end[1] === from[1]) last.push(to);
    else strokes.push([from, to]);
  }
  return strokes;
}

function cut(camera: Camera, from: Vec3, to: Vec3): readonly [Point, Point] | null {
  const [a, b] = [depthOf(camera, from), depthOf(camera, to)];
  if (a < NEAREST && b < NEAREST) return null;
  const at = (NEAREST - a) / (b - a);
  const crossing = combine(from, 1 - at, to, at);
  const ends = [a < NEAREST ? crossing : from, b < NEAREST ? crossing : to].map((end) => projectPoint(camera, end));
  const [start, end] = ends;
  return start && end
    ? [
        [start[0], start[1]],
        [end[0], end[1]],
      ]
    : null;
}

function depthOf({ cameraToWorld: m }: Camera, point: Vec3): number {
  return (point[0] - m[3]) * m[2] + (point[1] - m[7]) * m[6] + (point[2] - m[11]) * m[10];
}

function lengthOf(stroke: readonly Point[]): number {
  return stroke.slice(1).reduce((sum, [x, y], k) => sum + Math.hypot(x - stroke[k][0], y - stroke[k][1]), 0);
}

function middleOf(strokes: readonly (readonly Point[])[]): Point | null {
  const longest = strokes.toSorted((a, b) => lengthOf(b) - lengthOf(a)).at(0);
  if (!longest) return null;
  let left = lengthOf(longest) / 2;
  for (let k = 1; k < longest.length; k++) {
    const [[x0, y0], [x1, y1]] = [longest[k - 1], longest[k]];
    const length = Math.hypot(x1 - x0, y1 - y0);
    if (length >= left && length > 0) return [x0 + ((x1 - x0) * left) / length, y0 + ((y1 - y0) * left) / length];
    left -= length;
  }
  return longest[0];
}

/** The highest point of the strokes. */
function topOf(strokes: readonly (readonly Point[])[]): Point | null {
  const points = strokes.flat();
  return points.length === 0 ? null : points.reduce((top, point) => (point[1] < top[1] ? point : top));
}
