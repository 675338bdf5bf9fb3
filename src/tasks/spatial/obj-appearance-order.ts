/** VSI-Bench's obj_appearance_order: in what order a video first shows some categories. */
import type { RandomStream } from '../../random';
import { letterOf } from '../contract';
import { clarityOf } from '../difficulty';
import { byCategory, pixelMinimum } from '../facts';
import { defineFamily, type Draft, type Observation } from '../family';

const LISTED = 4;
const OPTIONS = 4;
/** Any two first times differ by more than this, seconds. */
const SMALLEST_GAP = 1;
const MOST_QUESTIONS = 12;

interface Appearance {
  readonly category: string;
  /** Id of the instance that is shown first. */
  readonly id: number;
  /** When some instance first shows a pixel, and when the pixel minimum, seconds. */
  readonly glimpsed: number;
  readonly shown: number;
}

/**
 * A category appears when one of its instances first shows the pixel minimum. Times differ by more than a second, and
 * none of the later categories shows even a pixel within that time: the order does not rest on where the minimum lies.
 * Distractors are other orders of the same four. The chain of thought states the times in their order.
 */
export const objAppearanceOrder = defineFamily({
  name: 'obj_appearance_order',
  title: 'Order of appearance',
  description: 'In what order four categories first appear in the video.',
  kind: 'choice',
  unit: null,
  frames: 'video',
  strata: [],
  draft(observation, random) {
    const appearances = appearancesIn(observation);
    const drafts = new Map<string, Draft>();
    for (let attempt = 0; attempt < 4 * MOST_QUESTIONS && drafts.size < MOST_QUESTIONS; attempt++) {
      const order = drawApart(random.shuffle(appearances));
      if (order.length === LISTED) drafts.set(order.map(({ id }) => id).join(), compose(order, random));
    }
    return [...drafts.values()];
  },
});

function appearancesIn({ room, frames }: Observation): Appearance[] {
  return [...byCategory(room.objects)].flatMap(([category, instances]) => {
    const ids = new Set(instances.map(({ id }) => id));
    const views = frames.flatMap(({ camera, time, visible }) =>
      visible
        .filter(({ object }) => ids.has(object))
        .map(({ object, pixels }) => ({ object, time, clear: pixels >= pixelMinimum(camera) })),
    );
    const first = views.find(({ clear }) => clear);
    return first ? [{ category, id: first.object, glimpsed: views[0].time, shown: first.time }] : [];
  });
}

/** Up to four of the candidates, first come, whose times are apart; in order of their times. */
function drawApart(candidates: readonly Appearance[]): Appearance[] {
  const chosen: Appearance[] = [];
  const apart = (a: Appearance, b: Appearance) => b.glimpsed - a.shown > SMALLEST_GAP;
  for (const candidate of candidates) {
    if (chosen.length < LISTED && chosen.every((other) => apart(other, candidate) || apart(candidate, other))) {
      chosen.push(candidate);
    }
  }
  return chosen.sort((a, b) => a.shown - b.shown);
}

function compose(order: readonly Appearance[], random: RandomStream): Draft {
  const name = (list: readonly Appearance[]) => list.map(({ category }) => category).join(', ');
  const truth = name(order);
  const orders = new Set([truth]);
  while (orders.size < OPTIONS) orders.add(name(random.shuffle(order)));
  const options = random.shuffle([...orders]);
  const answer = letterOf(options.indexOf(truth));
  const gaps = order.slice(1).map(({ glimpsed }, index) => glimpsed - order[index].shown);
  return {
    question:
      'What will be the first-time appearance order of the following categories in the video: ' +
      `${name(random.shuffle(order))}?`,
    options,
    answer,
    reasoning:
      `First seen: ${order.map(({ category, shown }) => `${category} ${shown.toFixed(1)} s`).join(', ')}. ` +
      `That is ${answer}.`,
    evidence: {
      objects: order.map(({ id }) => id),
      values: Object.fromEntries(order.map(({ id, shown }) => [`first_seen_${id}`, shown])),
    },
    clarity: clarityOf(Math.min(...gaps), SMALLEST_GAP, 3),
  };
}
