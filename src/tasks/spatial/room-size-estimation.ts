/** VSI-Bench's room_size_estimation: how large the floor is. */
import { inMetres } from '../facts';
import { defineFamily } from '../family';

/**
 * The ground truth is the floor's area, square metres to one decimal. The chain of thought states how far the floor
 * reaches along either axis of the plan, then the area: their product in a rectangular room, less elsewhere.
 */
export const roomSizeEstimation = defineFamily({
  name: 'room_size_estimation',
  title: 'Room size',
  description: 'The area of the floor, in square metres.',
  kind: 'number',
  unit: 'm²',
  frames: 'image',
  strata: [9, 12, 16, 21, 28],
  draft({ room: { polygon, area } }) {
    const [spanX, spanY] = [0, 1].map((axis) => {
      const along = polygon.map((corner) => corner[axis]);
      return Math.max(...along) - Math.min(...along);
    });
    const answer = inMetres(area);
    return [
      {
        question:
          'What is the size of this room (in square meters)? ' +
          'If multiple rooms are shown, estimate the size of the combined space.',
        answer,
        reasoning: `The floor is ${inMetres(spanX)} m by ${inMetres(spanY)} m. Its area is ${answer}.`,
        evidence: { objects: [], values: { span_x: spanX, span_y: spanY, area } },
      },
    ];
  },
});
