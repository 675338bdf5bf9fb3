/**
 * How the families draw their evidence, by name; those about a camera on its way are in camera-drawings.ts. A family
 * without a line here is drawn by `object_boxes`.
 */
import type { Drawing, Drawn, NamedObject, RoomShape } from './proof';
import {
  arcRadius,
  arcShape,
  boxShape,
  directionBetween,
  floorCenter,
  floorLength,
  floorPoint,
  footprintShape,
  gapShape,
  lineShape,
  longestEdge,
  metres,
  seenShape,
  shares,
  sightShapes,
} from './shapes';
import { turned } from './figures';

export type Draw = (drawn: Drawn) => Drawing;

const NOTHING: Drawing = { inRoom: [], inFrames: [], marks: [] };
const tone = ({ right }: NamedObject) => (right ? 'answer' : 'plain');

/** Boxes of all objects, the right one marked. */
const objectBoxes: Draw = ({ objects, frames }) => ({
  ...NOTHING,
  inRoom: objects.map((object) => boxShape(object, tone(object))),
  // Of a video, each frame shows what it shows of them.
  inFrames:
    frames.length === 1
      ? []
      : frames.flatMap((_, frame) =>
          objects.flatMap((object) => seenShape(frames, frame, object, object.name, tone(object))),
        ),
});

/** What is seen of each instance, numbered from left to right. */
const counted: Draw = ({ objects, frames }) => ({
  ...NOTHING,
  inRoom: objects.map((object, index) => ({ ...footprintShape(object), label: String(index + 1) })),
  inFrames: objects.flatMap((object, index) => seenShape(frames, 0, object, String(index + 1), 'answer')),
});

const oneDistance: Draw = ({ objects: [a, b] }) => ({
  ...NOTHING,
  inRoom: [boxShape(a), boxShape(b), ...gapShape(a, b, 'answer')],
});

/** From the first object to each of the others. */
const distancesFromFirst: Draw = ({ objects: [first, ...others] }) => ({
  ...NOTHING,
  inRoom: [
    boxShape(first),
    ...others.flatMap((other) => [boxShape(other, tone(other)), ...gapShape(first, other, tone(other))]),
  ],
});

const distancesToCamera: Draw = ({ objects, frames: [{ camera }] }) => ({
  ...NOTHING,
  inRoom: objects.flatMap((object) => {
    const decides = object.right || objects.length === 1 ? 'answer' : 'plain';
    return [boxShape(object, decides), ...sightShapes(camera, object, decides)];
  }),
});

const longestSides: Draw = ({ objects, frames: [{ camera }] }) => ({
  ...NOTHING,
  inRoom: objects.flatMap((object) => {
    const decides = object.right || objects.length === 1 ? 'answer' : 'plain';
    return [boxShape(object, 'faint'), longestEdge(camera, object, decides)];
  }),
});

/** The floor's outline with its area, and how far it reaches along x and y. */
const floor: Draw = ({ room: { polygon, area }, values }) => {
  const corners = polygon.map(floorPoint);
  const [west, south] = [0, 1].map((axis) => Math.min(...polygon.map((corner) => corner[axis])));
  const [east, north] = [west + values.span_x, south + values.span_y];
  return {
    ...NOTHING,
    inRoom: [
      lineShape([...corners, corners[0]], '', 'answer'),
      lineShape([floorPoint([west, south]), floorPoint([east, south])], metres(values.span_x), 'plain'),
      lineShape([floorPoint([west, south]), floorPoint([west, north])], metres(values.span_y), 'plain'),
      {
        kind: 'point',
        at: [(west + east) / 2, (south + north) / 2, 0],
        label: `${area.toFixed(1)} m²`,
        tone: 'answer',
      },
    ],
  };
};

/** From beside `at`, a turn from `facing` to `to` by `sweep`, on the floor between centres. */
function turnShapes(at: NamedObject, facing: NamedObject, to: NamedObject, sweep: number, label: string): RoomShape[] {
  const [p, o, q] = [at, facing, to].map(floorCenter);
  return [
    lineShape([p, q], '', 'answer', true),
    arcShape(p, arcRadius(floorLength(p, o), floorLength(p, q)), directionBetween(p, o), sweep, label, 'answer'),
  ];
}

const standpointShapes = (at: NamedObject, facing: NamedObject): RoomShape[] => [
  { kind: 'point', at: floorCenter(at), label: '', tone: 'plain' },
  boxShape({ ...at, name: `by the ${at.name}` }),
  boxShape({ ...facing, name: `facing the ${facing.name}` }),
  lineShape([floorCenter(at), floorCenter(facing)], '', 'plain', true),
];

const turnTo =
  (clockwise: boolean): Draw =>
  ({ objects: [at, facing, to], values }) => {
    const turn = values[`turn_${at.id}_${facing.id}_${to.id}`];
    const sweep = clockwise && turn > 0 ? turn - 2 * Math.PI : turn;
    return {
      ...NOTHING,
      inRoom: [
        ...standpointShapes(at, facing),
        boxShape(to, 'answer'),
        ...turnShapes(at, facing, to, sweep, turned(sweep)),
      ],
    };
  };

const perspective: Draw = ({ objects: [at, facing, a, b], values }) => ({
  ...NOTHING,
  inRoom: [
    ...standpointShapes(at, facing),
    ...[a, b].flatMap((seen) => {
      const turn = values[`turn_${at.id}_${facing.id}_${seen.id}`];
      return [boxShape(seen, 'answer'), ...turnShapes(at, facing, seen, turn, turned(turn))];
    }),
  ],
});

/** Both boxes in the image, and their middles on the axis that decides. */
const inImage: Draw = ({ objects, frames, values }) => ({
  ...NOTHING,
  inRoom: objects.map(footprintShape),
  inFrames: objects.flatMap((object, index) => {
    const decides = index === 0 ? 'answer' : 'plain';
    const across = values[`image_x_${object.id}`];
    const down = values[`image_y_${object.id}`];
    const middle = across ?? down;
    const [from, to] =
      across === undefined
        ? ([
            [0, down],
            [1, down],
          ] as const)
        : ([
            [across, 0],
            [across, 1],
          ] as const);
    return [
      ...seenShape(frames, 0, object, `${object.name} ${(100 * middle).toFixed(0)} %`, decides),
      { kind: 'line', frame: 0, from, to, label: '', tone: decides } as const,
    ];
  }),
});

/** What is seen, inside what would be seen if nothing stood in front. */
const occluded: Draw = ({ objects: [object], frames, values }) => {
  const seen = frames[0].visible.find((entry) => entry.object === object.id);
  const whole = seen?.silhouetteBox;
  const fraction = `${(100 * values[`visible_fraction_${object.id}`]).toFixed(0)} % visible`;
  return {
    ...NOTHING,
    inRoom: [footprintShape(object)],
    inFrames: [
      ...(whole
        ? [
            {
              kind: 'rectangle',
              frame: 0,
              rectangle: shares(frames[0], whole),
              label: 'whole silhouette',
              tone: 'plain',
            } as const,
          ]
        : []),
      ...seenShape(frames, 0, object, `${object.name}, ${fraction}`, 'answer'),
    ],
  };
};

/** The question says where the points are. */
const POINTS = /P at \((\d+), (\d+)\) or Q at \((\d+), (\d+)\)/;

const twoPoints: Draw = (drawn) => {
  const { question, objects, values } = drawn;
  const places = POINTS.exec(question.question)?.slice(1).map(Number);
  if (!places) return objectBoxes(drawn);
  const distances = [values.point_distance_1, values.point_distance_2];
  return {
    ...NOTHING,
    inRoom: objects.map(footprintShape),
    inFrames: ['P', 'Q'].map((name, index) => ({
      kind: 'point',
      frame: 0,
      at: [places[2 * index] / 100, places[2 * index + 1] / 100],
      label: `${name}, ${metres(distances[index])}`,
      tone: distances[index] < distances[1 - index] ? 'answer' : 'plain',
    })),
  };
};

export const drawings: Readonly<Record<string, Draw>> & { readonly object_boxes: Draw } = {
  object_boxes: objectBoxes,
  object_counting: counted,
  count_2d: counted,
  object_abs_distance: oneDistance,
  object_rel_distance: distancesFromFirst,
  distance_3d: distancesFromFirst,
  camera_object_distance: distancesToCamera,
  depth_3d: distancesToCamera,
  object_size_estimation: longestSides,
  size_comparison: longestSides,
  room_size_estimation: floor,
  object_rel_direction_easy: turnTo(false),
  object_rel_direction_medium: turnTo(false),
  object_rel_direction_hard: turnTo(false),
  object_abs_direction: turnTo(true),
  perspective_taking: perspective,
  relation_2d: inImage,
  occlusion: occluded,
  point_depth_order: twoPoints,
};
