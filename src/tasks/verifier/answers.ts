/**
 * The true answer of each family's questions, from the wording of the question and the scene file: the second opinion
 * on what the families say. Each entry also checks the family's filters, without which an answer would be arguable.
 */
import type { ObjectRecord } from '../../datasets/canonical';
import { cameraAnswers } from './camera-answers';
import { directionAnswers } from './direction-answers';
import { areaOf, distanceBetween, distanceToPoint, eyeOf, passage, rayThrough } from './geometry';
import { need, type Records } from './records';

/** What the scene says. */
interface Truth {
  /** A number in the sample's unit, before rounding, or the text of the right option. */
  readonly answer: number | string;
  /** Ids of the objects that the answer rests on. */
  readonly objects: readonly number[];
}

export type Recompute = (records: Records) => Truth;

/** Numbers computed in another order may differ in their last digits. */
const SLACK = 1e-6;

const ids = (objects: readonly ObjectRecord[]) => objects.map(({ id }) => id);
const longestOf = ({ axes_lengths }: ObjectRecord) => Math.max(...axes_lengths);

/** The nearer of two measured things, which must differ by `margin`. */
function closer(a: Measured, b: Measured, margin: number): string {
  need(Math.abs(a.distance - b.distance) >= margin - SLACK, `the distances differ by less than ${margin} m`);
  return a.distance < b.distance ? a.name : b.name;
}

interface Measured {
  readonly name: string;
  readonly distance: number;
}

export const answers: Readonly<Record<string, Recompute>> = {
  ...directionAnswers,
  ...cameraAnswers,

  object_counting(records) {
    const [category] = records.parse(/^How many (.+)\(s\) are in this room\?$/);
    const instances = records.instances(category);
    need(instances.length >= 2, `there is one ${category}; counts start at two`);
    return { answer: instances.length, objects: ids(instances) };
  },

  object_abs_distance(records) {
    const [a, b] = records
      .parse(/closest point of each object, what is the direct distance between the (.+) and the (.+) \(in meters\)\?$/)
      .map((category) => records.single(category));
    const distance = distanceBetween(a, b);
    need(distance >= 0.2 - SLACK, 'the two are closer than 0.2 m');
    return { answer: distance, objects: ids([a, b]) };
  },

  object_size_estimation(records) {
    const [category] = records.parse(/^What is the length of the longest dimension .* of the (.+), measured in centi/);
    const object = records.single(category);
    return { answer: 100 * longestOf(object), objects: [object.id] };
  },

  room_size_estimation({ scene: { room } }) {
    const area = areaOf(room.polygon);
    need(Math.abs(area - room.area) < 1e-3, "the scene's area is not that of its polygon");
    return { answer: area, objects: [] };
  },

  object_rel_distance(records) {
    const [listed, target] = records.parse(
      /which of these objects \((.+)\) is the closest to the (.+)\?\nIf there are/,
    );
    const { options } = records;
    need(listed === options.join(', '), 'the question and the options list other objects');
    const anchor = records.single(target);
    const measured = options.map((name) => {
      const [nearest] = records
        .instances(name)
        .map((object) => ({ name, id: object.id, distance: distanceBetween(anchor, object) }))
        .sort((a, b) => a.distance - b.distance);
      return nearest;
    });
    const sorted = measured.toSorted((a, b) => a.distance - b.distance);
    const margin = records.scene.room.area > 40 ? 0.3 : 0.15;
    need(sorted[0].distance >= 0.15 - SLACK, 'the closest is closer than 0.15 m');
    sorted.slice(1).forEach((option, index) => closer(sorted[index], option, margin));
    return { answer: sorted[0].name, objects: [anchor.id, ...measured.map(({ id }) => id)] };
  },

  count_2d(records) {
    const [category] = records.parse(/^How many (.+)\(s\) are in the image\?$/);
    const inImage = records.instances(category).filter((object) => records.seen(records.camera, object));
    return { answer: String(inImage.length), objects: ids(inImage) };
  },

  relation_2d(records) {
    const { camera } = records;
    const [a, b, again] = records.parse(
      /positions of the (.+) and the (.+) in the image provided, where is the (.+) located with respect to the/,
    );
    need(a === again, 'the question turns the two around');
    const [boxA, boxB] = [a, b].map((category) => {
      const seen = records.seen(camera, records.single(category));
      need(seen !== null, `the image does not show the ${category}`);
      return seen.bbox_visib;
    });
    const relation = (axis: 0 | 1, size: number, before: string, after: string) => {
      const [startA, startB] = [boxA[axis], boxB[axis]];
      const [endA, endB] = [startA + boxA[axis + 2], startB + boxB[axis + 2]];
      if (startB - endA >= 0.02 * size - SLACK) return before;
      return startA - endB >= 0.02 * size - SLACK ? after : null;
    };
    const across = relation(0, camera.width, 'left', 'right');
    const down = relation(1, camera.height, 'above', 'below');
    need((across === null) !== (down === null), 'the boxes are not apart along exactly one axis');
    return { answer: (across ?? down)!, objects: ids([records.single(a), records.single(b)]) };
  },

  depth_3d(records) {
    const objects = records
      .parse(/^Which object is closer to the camera taking this photo, the (.+) or the (.+)\?$/)
      .map((category) => records.single(category));
    const eye = eyeOf(records.camera);
    const [a, b] = objects.map((object) => ({ name: object.category, distance: distanceToPoint(object, eye) }));
    return { answer: closer(a, b, 0.3), objects: ids(objects) };
  },

  distance_3d(records) {
    const [anchor, ...objects] = records
      .parse(/Which object is closer to the (.+), the (.+) or the (.+)\?$/)
      .map((category) => records.single(category));
    const [a, b] = objects.map((object) => ({ name: object.category, distance: distanceBetween(anchor, object) }));
    need(Math.min(a.distance, b.distance) >= 0.15 - SLACK, 'one of the two is closer than 0.15 m');
    return { answer: closer(a, b, 0.3), objects: ids([anchor, ...objects]) };
  },

  camera_object_distance(records) {
    const [category] = records.parse(/^What is the approximate distance \(in meters\).* nearest point of the (.+)\?$/);
    const object = records.single(category);
    return { answer: distanceToPoint(object, eyeOf(records.camera)), objects: [object.id] };
  },

  size_comparison(records) {
    const [listed] = records.parse(/^Which of these objects \((.+)\) has the longest dimension \(length, width/);
    const { options } = records;
    need(listed === options.join(', '), 'the question and the options list other objects');
    const objects = options.map((category) => records.single(category));
    const sorted = objects.toSorted((a, b) => longestOf(b) - longestOf(a));
    for (const [index, object] of sorted.slice(1).entries()) {
      need(
        longestOf(sorted[index]) >= (1.15 - SLACK) * longestOf(object),
        'two options differ by less than 15 percent',
      );
    }
    return { answer: sorted[0].category, objects: ids(objects) };
  },

  point_depth_order(records) {
    const { camera } = records;
    const places = records.parse(/P at \((\d+), (\d+)\) or Q at \((\d+), (\d+)\)/).map(Number);
    const origin = eyeOf(camera);
    const [p, q] = [places.slice(0, 2), places.slice(2)].map(([x, y]) => {
      const ray = rayThrough(camera, (x / 100) * camera.width, (y / 100) * camera.height);
      const [first] = records.scene.objects
        .flatMap((object) => {
          const range = passage(object, origin, ray);
          return range === null ? [] : [{ object, enter: range[0], leave: range[1] }];
        })
        .sort((a, b) => a.enter - b.enter);
      need(first !== undefined, 'a point lies on no object');
      return first;
    });
    need(Math.max(p.enter - q.leave, q.enter - p.leave) >= 0.1 - SLACK, 'the boxes do not tell which point is closer');
    return { answer: p.leave < q.enter ? 'point P' : 'point Q', objects: ids([p.object, q.object]) };
  },

  occlusion(records) {
    const [category] = records.parse(/^Of the part of the (.+) that lies within the image borders, what percentage/);
    const object = records.single(category);
    const seen = records.seen(records.camera, object);
    need(seen !== null, `the image does not show the ${category}`);
    return { answer: (100 * seen.px_count_visib) / seen.px_count_all, objects: [object.id] };
  },
};
