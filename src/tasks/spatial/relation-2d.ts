/** CV-Bench's relation: which side of one object's box another's is on, in the image. */
import { letterOf } from '../contract';
import { clarityOf } from '../difficulty';
import { shownSingles, stillOf } from '../facts';
import { defineFamily, type Draft } from '../family';

/** Smallest gap between the two boxes, as a share of the image's width or height. */
const SMALLEST_GAP = 0.02;

/**
 * The ground truth compares the boxes around what is seen of the two objects. They are apart along one axis of the
 * image and overlap along the other, so that left and right, or above and below, are not both true. The chain of
 * thought states the middles of both boxes, percent of the width from the left or of the height from the top.
 */
export const relation2d = defineFamily({
  name: 'relation_2d',
  title: 'Relation in the image',
  description: 'Whether one object is left or right of another in the image, or above or below it.',
  kind: 'choice',
  unit: null,
  frames: 'image',
  strata: [],
  draft(observation, random) {
    const still = stillOf(observation);
    if (!still) return [];
    const { camera, visible } = still;
    const boxes = new Map(visible.map(({ object, bbox }) => [object, bbox]));
    const extents = shownSingles(observation).map(({ id, category }) => {
      const [x, y, width, height] = boxes.get(id)!;
      const across = [x / camera.width, (x + width) / camera.width] as const;
      const down = [y / camera.height, (y + height) / camera.height] as const;
      return { id, category, across, down };
    });
    const drafts: Draft[] = [];
    for (const a of extents) {
      for (const b of extents) {
        if (a === b) continue;
        const [gapAcross, gapDown] = [gap(a.across, b.across), gap(a.down, b.down)];
        const beside = gapAcross >= SMALLEST_GAP && gapDown < 0;
        const stacked = gapDown >= SMALLEST_GAP && gapAcross < 0;
        if (!beside && !stacked) continue;
        const [middleA, middleB] = beside ? [middle(a.across), middle(b.across)] : [middle(a.down), middle(b.down)];
        const options = random.shuffle(beside ? ['left', 'right'] : ['above', 'below']);
        const relation = middleA < middleB ? (beside ? 'left' : 'above') : beside ? 'right' : 'below';
        const answer = letterOf(options.indexOf(relation));
        const key = beside ? 'image_x' : 'image_y';
        drafts.push({
          question:
            `Considering the relative positions of the ${a.category} and the ${b.category} in the image provided, ` +
            `where is the ${a.category} located with respect to the ${b.category}?`,
          options,
          answer,
          reasoning:
            `From the ${beside ? 'left' : 'top'} the ${a.category} ${percent(middleA)} percent, ` +
            `the ${b.category} ${percent(middleB)}. That is ${relation}, ${answer}.`,
          evidence: { objects: [a.id, b.id], values: { [`${key}_${a.id}`]: middleA, [`${key}_${b.id}`]: middleB } },
          clarity: clarityOf(Math.max(gapAcross, gapDown), SMALLEST_GAP, 0.3),
        });
      }
    }
    return random.shuffle(drafts);
  },
});

type Extent = readonly [number, number];

/** Gap between two ranges; negative by as much as they overlap. */
function gap(a: Extent, b: Extent): number {
  return Math.max(a[0], b[0]) - Math.min(a[1], b[1]);
}

function middle([low, high]: Extent): number {
  return (low + high) / 2;
}

function percent(share: number): string {
  return (100 * share).toFixed(0);
}
