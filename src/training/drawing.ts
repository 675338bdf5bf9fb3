/**
 * Draws the samples of a step: by the data's shares, or as the curriculum asks, and only such as the policy has room for.
 */
import type { Architecture } from '../policy/parameters';
import { tokenTexts } from '../policy/question-tokens';
import { hashSeed } from '../random';
import type { RunContext, SampleSource, SupervisedSample, TokenizedSample } from './context';
import { levelOf, type Slot } from './curriculum';
import { tasksByDomain } from './data-config';
import { drawSample, type TrainingSample } from './mixture';
import type { RunPhase } from './report';

/** How many samples in a row may be too long before a run gives up. */
const MAX_REDRAWS = 50;
/** Samples drawn for one of the wanted difficulty; then the nearest will do. A sample takes tens of milliseconds. */
const MAX_CANDIDATES = 4;

const ANYTHING: Slot = { task: null, level: null };

/** The sample of a place, and how many before it were too long. */
export interface Draw<S> {
  readonly drawn: S;
  readonly redrawn: number;
}

/** A place of a step that is to be filled. */
export interface Place {
  readonly phase: RunPhase | 'evaluation';
  readonly step: number;
  /** Which sample of the step. */
  readonly index: number;
  /** How often dynamic sampling has filled the place before. */
  readonly round: number;
  /** Whether the true completion must fit as well as the prompt. */
  readonly fitCompletion: boolean;
}

/**
 * Draws the sample of a place; `redrawn` counts those that were too long. Where the slot asks for a level, a few samples are
 * drawn and the nearest is taken; general problems are made as hard as they should be.
 * @throws Error naming the settings to raise when hardly any sample fits.
 */
export function drawForPlace(context: RunContext, place: Place, slot: Slot = ANYTHING): Draw<TokenizedSample> {
  const { architecture, config } = context;
  const levels = config.dynamic_optimization.difficulty_levels;
  const data = slot.task === null ? config.data : onlyTask(config.data, slot.task);
  const range = slot.level === null ? undefined : { from: slot.level / levels, to: (slot.level + 1) / levels };
  const round = place.round === 0 ? [] : ['round', place.round];
  let redrawn = 0;
  let candidates = 0;
  let nearest: { drawn: TokenizedSample; miss: number } | null = null;
  for (let attempt = 0; redrawn < MAX_REDRAWS; attempt++) {
    const seed = hashSeed(config.seed, place.phase, place.step, place.index, attempt, ...round);
    const drawn = tokenized(context, drawSample(seed, data, architecture, range));
    if (!fits(architecture, drawn, place.fitCompletion)) {
      redrawn++;
      continue;
    }
    const miss =
      slot.level === null ? 0 : Math.abs(levelOf(drawn.sample.question.difficulty.value, levels) - slot.level);
    if (nearest === null || miss < nearest.miss) nearest = { drawn, miss };
    candidates++;
    if (nearest.miss === 0 || candidates === MAX_CANDIDATES) return { drawn: nearest.drawn, redrawn };
  }
  throw new Error(
    `${MAX_REDRAWS} samples were too long for the policy; raise policy.max_prompt_length ` +
      `(${architecture.max_prompt_length}) or grpo.max_completion_length (${architecture.max_completion_length})`,
  );
}

/** The cold start's samples where it has no data set: each about a room of its own. */
export const drawnSamples: SampleSource = async (context, place) => drawForPlace(context, place);

/** The data's config with one task left. */
function onlyTask<D extends { readonly tasks: readonly string[] }>(data: D, task: string) {
  return { ...data, tasks: [task], general_share: tasksByDomain([task]).general.length };
}

function tokenized({ tokenizer }: RunContext, sample: TrainingSample): TokenizedSample {
  return { sample, frames: sample.frames, ...tokenTexts(tokenizer, sample.question) };
}

/** Whether the policy has room for a prompt and, where it must have, for the true completion. */
export function fits(
  { max_prompt_length, max_completion_length }: Architecture,
  { prompt, completion }: Pick<SupervisedSample, 'prompt' | 'completion'>,
  fitCompletion: boolean,
): boolean {
  return prompt.length <= max_prompt_length && (!fitCompletion || completion.length <= max_completion_length);
}
