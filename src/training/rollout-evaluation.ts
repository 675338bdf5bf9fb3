/**
 * Evaluation during GRPO: greedy answers to held-out questions. The rewards of a step are those of its own few questions,
 * sampled, and rise already where a policy grows surer; whether it answers better is told by the same questions, asked
 * again and again. They are drawn once, and what the policy sees of them stays on the device.
 */
import { mra } from '../kernels/rewards/mra';
import { BySlots } from '../policy/frame-slots';
import { Generator } from '../policy/generation';
import { allocatePrompts, type PromptBatch } from '../policy/prompts';
import type { Weights } from '../policy/weights';
import type { RunContext, TokenizedSample } from './context';
import { drawForPlace } from './drawing';
import { FrameBatch, slotsNeeded } from './frames';
import { showSamples } from './prompting';
import { RewardScorer } from './rewards';

/** Questions answered at once. */
const BATCH = 32;

/** What questions are answered and scored with that fit into so many frame slots. */
interface Examiner {
  readonly generator: Generator;
  readonly scorer: RewardScorer;
  readonly batches: readonly Batch[];
}

interface Batch {
  readonly samples: readonly TokenizedSample[];
  readonly prompts: PromptBatch;
}

/** What an answer earned. */
interface Score {
  readonly total: number;
  readonly accuracy: number;
  readonly format: number;
  /** VSI-Bench's mean relative accuracy; null where the truth is no number. */
  readonly mra: number | null;
}

export class RolloutEvaluation {
  private readonly context: RunContext;
  /** Null until the first evaluation. */
  private examiners: readonly Examiner[] | null = null;

  /** @param context with the architecture whose weights are evaluated, adapters included. */
  constructor(context: RunContext) {
    this.context = context;
  }

  /**
   * Metrics of the policy's greedy answers, by TRL's names with `eval_` before them; eval_mra is VSI-Bench's mean relative
   * accuracy of the numbers, whichever reward they earn, eval_runtime in seconds.
   * @param step of the run, from 1: rewards may depend on it.
   */
  async evaluate(weights: Weights, step: number): Promise<Record<string, number>> {
    const start = performance.now();
    this.examiners ??= await this.draw();
    this.context.onStage('answering held-out questions');
    const scores: Score[] = [];
    for (const { generator, scorer, batches } of this.examiners) {
      for (const batch of batches) scores.push(...(await this.scoresOf(generator, scorer, batch, weights, step)));
    }
    const numbers = scores.filter((score) => score.mra !== null);
    const choices = scores.filter((score) => score.mra === null);
    const { reward } = this.context.config;
    return {
      eval_reward: mean(scores.map(({ total }) => total)),
      ...(numbers.length > 0 && {
        [`eval_rewards/${reward.function}/mean`]: mean(numbers.map(({ accuracy }) => accuracy)),
        eval_mra: mean(numbers.map((score) => score.mra ?? 0)),
      }),
      ...(choices.length > 0 && { 'eval_rewards/exact_match/mean': mean(choices.map(({ accuracy }) => accuracy)) }),
      'eval_rewards/format/mean': mean(scores.map(({ format }) => format)),
      eval_runtime: (performance.now() - start) / 1000,
    };
  }

  private async scoresOf(
    generator: Generator,
    scorer: RewardScorer,
    { samples, prompts }: Batch,
    weights: Weights,
    step: number,
  ): Promise<Score[]> {
    const { backend } = this.context;
    const rollout = await generator.generate(weights, prompts, { temperature: 0, seed: 0 });
    const rewards = scorer.score(rollout, filled(samples), step);
    const [total, accuracy, format, parsed] = [
      await backend.read(rewards.total),
      await backend.read(rewards.accuracy),
      await backend.read(rewards.format),
      await backend.read(rewards.parsed),
    ];
    return samples.map(({ sample: { question } }, row) => {
      const [answer, answered] = [parsed[2 * row], parsed[2 * row + 1]];
      const truth = question.answerValue;
      const relative = answered === 0 || truth === null ? 0 : mra.reference(answer, truth, this.context.config.reward);
      return { total: total[row], accuracy: accuracy[row], format: format[row], mra: truth === null ? null : relative };
    });
  }

  /** The held-out questions, grpo.eval_samples of them: by frame slots, in batches. */
  private async draw(): Promise<Examiner[]> {
    const { backend, architecture: a, config, tokenizer, onStage } = this.context;
    onStage('drawing held-out questions');
    const waiting = await BySlots.create(a, (slots) => ({ slots, alike: [] as TokenizedSample[] }));
    for (let index = 0; index < config.grpo.eval_samples; index++) {
      // Its own phase has seeds of its own: what is drawn for it is never trained on.
      const place = { phase: 'evaluation', step: 0, index, round: 0, fitCompletion: false } as const;
      const { drawn } = drawForPlace(this.context, place);
      waiting.fitting(slotsNeeded(drawn.frames)).alike.push(drawn);
    }
    const examiners: Examiner[] = [];
    for (const { slots, alike } of waiting.each.filter((each) => each.alike.length > 0)) {
      const shape = { prompts: BATCH, generations: 1, slots };
      const frames = new FrameBatch(backend, this.context.frames, a, shape);
      const batches: Batch[] = [];
      for (let first = 0; first < alike.length; first += BATCH) {
        const samples = alike.slice(first, first + BATCH);
        const prompts = allocatePrompts(backend, a, shape);
        await showSamples(this.context, filled(samples), frames, prompts);
        batches.push({ samples, prompts });
      }
      examiners.push({
        generator: await Generator.create(backend, a, shape, tokenizer.special),
        scorer: new RewardScorer(this.context, shape),
        batches,
      });
    }
    return examiners;
  }
}

/** The last batch is filled up with its first question, whose further answers nobody reads. */
function filled(samples: readonly TokenizedSample[]): TokenizedSample[] {
  return Array.from({ length: BATCH }, (_, row) => samples[row] ?? samples[0]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
