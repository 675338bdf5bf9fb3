/** How the families about a video draw their evidence: the camera's own way, a robot's route, and first appearances. */
import { cameraPosition } from '../../scenes/camera';
import type { Camera, Vec3 } from '../../scenes/scene';
import type { Draw } from './drawings';
import { turned } from './figures';
import type { Drawing, Drawn, FrameMark, RoomShape } from './proof';
import {
  arcRadius,
  arcShape,
  boxShape,
  directionBetween,
  floorCenter,
  floorLength,
  floorPoint,
  lineShape,
  metres,
  seenShape,
} from './shapes';

/** Length of an arrow that shows a heading, metres. */
const HEADING = 0.8;

/** The question says between which frames, counted from 1. */
const FRAMES = /between frame (\d+) and frame (\d+) of \d+/;

interface Passage {
  /** Beneath the two cameras. */
  readonly start: Vec3;
  readonly end: Vec3;
  /** Radians from x towards y. */
  readonly headings: readonly [number, number];
  readonly marks: readonly FrameMark[];
}

function passageOf({ question, frames }: Drawn): Passage {
  const named = FRAMES.exec(question.question)?.slice(1).map(Number);
  if (!named || named.some((frame) => frames[frame - 1] === undefined)) {
    throw new Error(`proofOf: no frames are named by "${question.question}"`);
  }
  const [first, second] = named.map((frame) => frames[frame - 1].camera);
  return {
    start: floorPoint(cameraPosition(first)),
    end: floorPoint(cameraPosition(second)),
    headings: [headingOf(first), headingOf(second)],
    marks: [
      { frame: named[0] - 1, label: 'from' },
      { frame: named[1] - 1, label: 'to' },
    ],
  };
}

function headingOf({ cameraToWorld: m }: Camera): number {
  return Math.atan2(m[6], m[2]);
}

function ahead([x, y, z]: Vec3, heading: number, length: number): Vec3 {
  return [x + length * Math.cos(heading), y + length * Math.sin(heading), z];
}

const headingShape = (at: Vec3, heading: number, label: string, tone: RoomShape['tone']): RoomShape =>
  lineShape([at, ahead(at, heading, HEADING)], label, tone, true);

/** The way from the first frame's camera to the second's, and its parts along the first heading and across it. */
const moved: Draw = (drawn) => {
  const { start, end, headings, marks } = passageOf(drawn);
  const { moved_forward: forward, moved_left: left, displacement } = drawn.values;
  const corner = ahead(start, headings[0], forward);
  return {
    inRoom: [
      headingShape(start, headings[0], 'first heading', 'faint'),
      lineShape(
        [start, corner],
        `${metres(Math.abs(forward))} ${forward >= 0 ? 'forward' : 'backward'}`,
        'plain',
        true,
      ),
      lineShape([corner, end], `${metres(Math.abs(left))} ${left >= 0 ? 'left' : 'right'}`, 'plain', true),
      lineShape([start, end], displacement === undefined ? '' : metres(displacement), 'answer', true),
    ],
    inFrames: [],
    marks,
  };
};

/** Both headings at the second camera, and the turn between them. */
const headingChange: Draw = (drawn) => {
  const { end, headings, marks } = passageOf(drawn);
  return {
    inRoom: [
      headingShape(end, headings[0], 'first heading', 'plain'),
      headingShape(end, headings[1], '', 'answer'),
      arcShape(end, arcRadius(HEADING), headings[0], drawn.values.turned, turned(drawn.values.turned), 'answer'),
    ],
    inFrames: [],
    marks,
  };
};

/** When each object is first seen. */
const appearances: Draw = ({ objects, frames, values }): Drawing => {
  const first = objects.map((object, index) => {
    const time = values[`first_seen_${object.id}`];
    const frame = frames.findIndex((candidate) => Math.abs(candidate.time - time) < 1e-6);
    return { object, frame, label: `${index + 1}. ${object.name}` };
  });
  return {
    inRoom: first.map(({ object, label }) => ({ ...boxShape(object), label })),
    inFrames: frames.flatMap((_, frame) =>
      first.flatMap(({ object, frame: since, label }) =>
        frame < since ? [] : seenShape(frames, frame, object, label, frame === since ? 'answer' : 'plain'),
      ),
    ),
    marks: first.filter(({ frame }) => frame >= 0).map(({ frame, label }) => ({ frame, label })),
  };
};

/** The way from place to place with the turn at each, and the frames that show the places best. */
const route: Draw = ({ objects, frames, values }): Drawing => {
  const [start, facing, ...places] = objects;
  const stops = [start, ...places].map(floorCenter);
  const turns = places.map((_, index): RoomShape => {
    const [at, next] = [stops[index], stops[index + 1]];
    // On arrival the robot looks away from where it came.
    const before = index === 0 ? floorCenter(facing) : stops[index - 1];
    const heading = directionBetween(at, before) + (index === 0 ? 0 : Math.PI);
    const turn = values[`route_turn_${index + 1}`];
    const radius = arcRadius(floorLength(at, before), floorLength(at, next));
    return arcShape(at, radius, heading, turn, `${index + 1}. ${turned(turn)}`, 'answer');
  });
  return {
    inRoom: [
      ...objects.map((object) => boxShape(object, object === facing ? 'faint' : 'plain')),
      lineShape([stops[0], floorCenter(facing)], '', 'faint', true),
      lineShape(stops, '', 'plain', true),
      ...turns,
    ],
    inFrames: frames.flatMap((_, frame) =>
      objects.flatMap((object) => seenShape(frames, frame, object, object.name, 'plain')),
    ),
    marks: objects.flatMap((object) => {
      const pixels = frames.map(({ visible }) => visible.find((entry) => entry.object === object.id)?.pixels ?? 0);
      const most = Math.max(...pixels);
      return most > 0 ? [{ frame: pixels.indexOf(most), label: object.name }] : [];
    }),
  };
};

export const cameraDrawings: Readonly<Record<string, Draw>> = {
  camera_displacement: moved,
  camera_movement_direction: moved,
  view_change: headingChange,
  obj_appearance_order: appearances,
  route_planning: route,
};
