/** Videos and the camera that took them: the verifier's answers. */
import * as exact from '../../exact-math';
import type { CameraRecord } from '../../datasets/canonical';
import type { Recompute } from './answers';
import { directionTo, eyeOf, floorDistance, headingOf, wrapped } from './geometry';
import { need, type Records } from './records';

const SLACK = 1e-6;

/** The two cameras that a question names by the numbers of their frames, from 1. */
export function namedCameras(records: Records): readonly [CameraRecord, CameraRecord] {
  const [from, to, of] = records.parse(/between frame (\d+) and frame (\d+) of (\d+)/).map(Number);
  need(of === records.cameras.length, `the question is about ${of} frames, the sample has ${records.cameras.length}`);
  need(from >= 1 && from < to && to <= of, `there are no frames ${from} and ${to} in this order`);
  return [records.cameras[from - 1], records.cameras[to - 1]];
}

/** The camera's change of heading, radians to the left, in (-pi, pi]. */
export function turnOf([first, second]: readonly [CameraRecord, CameraRecord]): number {
  return wrapped(headingOf(second) - headingOf(first));
}

/** When some instance of a category is first seen at all, and when clearly and which; null when never. */
export function firstSeen(records: Records, category: string) {
  const instances = records.instances(category);
  const glimpse = records.cameras.find((camera) => instances.some((object) => records.seen(camera, object)));
  const clear = records.cameras.find((camera) => instances.some((object) => records.clear(camera, object)));
  if (!glimpse || !clear) return null;
  const id = instances.find((object) => records.clear(clear, object))!.id;
  return { category, id, glimpsed: glimpse.time, shown: clear.time };
}

export const cameraAnswers: Readonly<Record<string, Recompute>> = {
  camera_displacement(records) {
    const [a, b] = namedCameras(records).map(eyeOf);
    const displacement = exact.hypot(...a.map((value, k) => b[k] - value));
    need(displacement >= 0.2 - SLACK && displacement <= 10 + SLACK, 'the camera moved less than 0.2 m or over 10 m');
    return { answer: displacement, objects: [] };
  },

  camera_movement_direction(records) {
    const cameras = namedCameras(records);
    const [a, b] = cameras.map(eyeOf);
    need(floorDistance(a, b) >= 0.3 - SLACK, 'the camera moved less than 0.3 m');
    const degrees = (wrapped(directionTo(a, b) - headingOf(cameras[0])) * 180) / Math.PI;
    for (const boundary of [-135, -45, 45, 135]) {
      need(Math.abs(degrees - boundary) >= 10 - SLACK, 'the movement is within 10 degrees of another direction');
    }
    if (Math.abs(degrees) < 45) return { answer: 'forward', objects: [] };
    if (Math.abs(degrees) > 135) return { answer: 'backward', objects: [] };
    return { answer: degrees > 0 ? 'left' : 'right', objects: [] };
  },

  view_change(records) {
    const degrees = Math.round((turnOf(namedCameras(records)) * 180) / Math.PI);
    need(Math.abs(degrees) >= 15 && Math.abs(degrees) <= 165, 'the turn is too small or could go either way round');
    const signed = records.options.map((option) => {
      const [amount, , side] = option.split(' ');
      return side === 'left' ? Number(amount) : -Number(amount);
    });
    for (const other of signed.filter((turn) => turn !== degrees)) {
      need(Math.abs(other - degrees) >= 20, 'another option is within 20 degrees');
    }
    return { answer: `${Math.abs(degrees)} degrees ${degrees > 0 ? 'left' : 'right'}`, objects: [] };
  },

  obj_appearance_order(records) {
    const [listed] = records.parse(/appearance order of the following categories in the video: (.+)\?$/);
    const order = listed
      .split(', ')
      .map((category) => {
        const first = firstSeen(records, category);
        need(first !== null, `the video does not show the ${category}`);
        return first;
      })
      .sort((a, b) => a.shown - b.shown);
    for (const [index, next] of order.slice(1).entries()) {
      need(next.glimpsed - order[index].shown > 1 - SLACK, 'two categories appear within a second');
    }
    return { answer: order.map(({ category }) => category).join(', '), objects: order.map(({ id }) => id) };
  },
};
