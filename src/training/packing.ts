/**
 * Packs a step's supervised samples into passes of a few fixed shapes, so that little is computed twice or for nothing.
 * Questions about the same frames share them: visual tokens attend to no text, so they are computed once a view, however
 * many questions are asked about it. And samples that are alike in frames and in length go together, so that short texts
 * do not pay for long ones. Loss and gradients are those of the samples one by one, but for rounding.
 */
import { groupBy } from '../group-by';
import { type Architecture, frameCount, visualTokenCount } from '../policy/parameters';
import type { SupervisedSample } from './context';
import type { FrameContent } from './frames';

/** Steps in which text lengths are rounded up: so many shapes at most, for each number of frame slots. */
const LENGTHS = 10;
/** Texts to a view that shapes are made for. */
const SHARING = [1, 2, 4, 8];

/** The fixed sizes of a pass. */
export interface PassShape {
  /** V: views. */
  readonly views: number;
  /** F: frames that each view has room for. */
  readonly slots: number;
  /** R: texts. */
  readonly texts: number;
  /** C: tokens that each text has room for: of the prompt those after its first one, and of the completion. */
  readonly length: number;
}

/** Frames, and what is asked about them. */
interface View {
  readonly frames: readonly FrameContent[];
  readonly samples: readonly SupervisedSample[];
}

export interface Pass {
  readonly shape: PassShape;
  /** At most V, with at most R samples in all. */
  readonly views: readonly View[];
}

/** Tokens of the samples' completions: those that count. */
export function completionTokens(samples: readonly Pick<SupervisedSample, 'completion'>[]): number {
  return samples.reduce((sum, { completion }) => sum + completion.length, 0);
}

/** Tokens of prompt and completion but the first one, which is the same for all and belongs to the view. */
export function textLength({ prompt, completion }: Pick<SupervisedSample, 'prompt' | 'completion'>): number {
  return prompt.length - 1 + completion.length;
}

/**
 * Packs samples into passes of `texts` texts, in an order that follows from the samples alone: the costliest first, so that
 * passes that are computed at the same time take about as long.
 * @param texts R.
 */
export function packPasses(samples: readonly SupervisedSample[], a: Architecture, texts: number): Pass[] {
  const passes = [...groupBy(samples, (sample) => slotsOf(sample, a))].flatMap(([slots, seen]) => {
    const byLength = groupBy(seen, (sample) => roundedLength(sample, a));
    const lengths = [...byLength.keys()].sort((one, other) => one - other);
    const packed: Pass[] = [];
    /** Samples that are too few for passes of their own; they go with the next longer ones. */
    let waiting: readonly SupervisedSample[] = [];
    for (const [at, length] of lengths.entries()) {
      const alike = [...waiting, ...byLength.get(length)!];
      const passes = packAlike(alike, { slots, texts, length }, a);
      const next = lengths.at(at + 1);
      waiting = [];
      if (next !== undefined) {
        const longer = byLength.get(next)!;
        const pack = (some: readonly SupervisedSample[]) => packAlike(some, { slots, texts, length: next }, a);
        if (cost(pack([...alike, ...longer]), a) <= cost(passes, a) + cost(pack(longer), a)) waiting = alike;
      }
      if (waiting.length === 0) packed.push(...passes);
    }
    return packed;
  });
  return passes.sort((one, other) => cost([other], a) - cost([one], a));
}

/** Packs samples that fit a shape, with room for as many views a pass as makes them cheapest. */
function packAlike(samples: readonly SupervisedSample[], shape: Omit<PassShape, 'views'>, a: Architecture): Pass[] {
  const views = byView(samples);
  const packed = SHARING.map((share) => cut(views, { ...shape, views: Math.ceil(shape.texts / share) }));
  return packed.reduce((best, passes) => (cost(passes, a) < cost(best, a) ? passes : best));
}

/** One slot for one frame, all of the policy's for more: two shapes are enough. */
function slotsOf({ frames }: SupervisedSample, a: Architecture): number {
  return frames.length <= 1 ? 1 : frameCount(a);
}

function roundedLength(sample: SupervisedSample, a: Architecture): number {
  const longest = a.max_prompt_length - 1 + a.max_completion_length;
  const steps = Math.ceil((LENGTHS * textLength(sample)) / longest);
  return Math.ceil((steps * longest) / LENGTHS);
}

/** Samples that say they show the same, or show nothing, share a view; the order is that of the first of each. */
function byView(samples: readonly SupervisedSample[]): View[] {
  const views = groupBy<SupervisedSample, string | SupervisedSample>(samples, (sample) =>
    sample.frames.length === 0 ? 'blank' : (sample.view ?? sample),
  );
  return [...views.values()].map((sharing) => ({ frames: sharing[0].frames, samples: sharing }));
}

/** Fills one pass after the other; a view whose samples do not all fit goes on in the next. */
function cut(views: readonly View[], shape: PassShape): Pass[] {
  const passes: View[][] = [];
  let room = 0;
  for (const { frames, samples } of views) {
    for (let from = 0; from < samples.length;) {
      if (room === 0 || passes[passes.length - 1].length === shape.views) {
        passes.push([]);
        room = shape.texts;
      }
      const taken = samples.slice(from, from + room);
      passes[passes.length - 1].push({ frames, samples: taken });
      from += taken.length;
      room -= taken.length;
    }
  }
  return passes.map((packed) => ({ shape, views: packed }));
}

/** Tokens that are computed. */
function cost(passes: readonly Pass[], a: Architecture): number {
  return passes.reduce(
    (sum, { shape }) => sum + shape.views * visualTokenCount(a, shape.slots) + shape.texts * shape.length,
    0,
  );
}
