/**
 * The training graph: one loss that the cold start and GRPO share, and its gradients.
 *
 * For each completion token t, with log-probability l under the policy, l_old when it was sampled and l_ref under the
 * reference policy (all at the sampling temperature):
 *
 *   ratio     = exp(l - l_old), or at the sequence level exp of the mean of l - l_old over the completion (GSPO,
 *               arXiv 2507.18071, equation 7)
 *   surrogate = by the loss type: losses/clipped.ts, cispo.ts, sapo.ts; 0 where the entropy mask leaves the token out
 *   kl        = exp(l_ref - l) - (l_ref - l) - 1                                    the k3 estimator
 *   loss      = sum over t of weight_t * (policy_weight * surrogate + beta * kl - supervised_weight * l)
 *
 * GRPO sets policy_weight 1 and supervised_weight 0, the cold start the reverse. weight_t carries the completion mask
 * and the averaging of `loss_type` (kernel token-weights). Source of the frame: DeepSeekMath (arXiv 2402.03300)
 * equations 3 and 4.
 */
import { GraphBuilder, type Value } from '../graph/builder';
import { differentiate } from '../graph/differentiate';
import type { OnnxModel } from '../graph/model';
import { Transformer } from '../policy/architecture';
import { type BatchShape, completionCount, declareCompletions, declarePrompts, declareWeights } from '../policy/inputs';
import { adapted, trainableSpecs } from '../policy/lora';
import type { Architecture } from '../policy/parameters';
import { cispoSurrogate } from './losses/cispo';
import { clippedSurrogate } from './losses/clipped';
import { topEntropyMask } from './losses/entropy-mask';
import { LOSS_TYPES, type LossType } from './losses/loss-types';
import { sapoSurrogate } from './losses/sapo';
import { indicator, type SurrogateInputs } from './losses/surrogate';

/** Log-ratios beyond this are clamped before the exponential: exp(20) is far outside any clipping range. */
const LOG_RATIO_BOUND = 20;

/** What the graph is built from; a config's `grpo` section is one. */
export interface Objective {
  readonly loss_type: LossType;
  readonly importance_sampling_level: 'token' | 'sequence';
  /** 0 stands for no two-sided clipping; other values are given at each run. */
  readonly delta: number;
  /** 1 stands for all tokens; other values are given at each run. */
  readonly top_entropy_quantile: number;
}

/** The scalars of the loss, each an input of shape [1] where the objective uses it, so that they may change every step. */
export const OBJECTIVE_SCALARS = [
  'temperature',
  'epsilon',
  'epsilon_high',
  'delta',
  'sapo_temperature_pos',
  'sapo_temperature_neg',
  'top_entropy_quantile',
  'beta',
  'policy_weight',
  'supervised_weight',
] as const;
export type ObjectiveScalar = (typeof OBJECTIVE_SCALARS)[number];

/**
 * What the graph's `statistics` output holds, in order. policy_loss is the surrogate's share of the loss; the others are
 * means over the tokens that count, clipping at the sequence level over completions.
 */
export const OBJECTIVE_STATISTICS = ['policy_loss', 'kl', 'entropy', 'nll', 'clip_low', 'clip_high'] as const;

/** Names of values that the gradient does not pass: the largest logit is subtracted for range alone. */
const LARGEST_LOGITS = 'largest_logits';
const ENTROPY_MASK = 'entropy_mask';

/** Logits at the sampling temperature, and the log-probabilities [rows*C, 1] of the completions' tokens. */
function tokenLogProbabilities(g: GraphBuilder, logits: Value, tokens: Value, temperature: Value, count: number) {
  const scaled = g.node('Div', [logits, temperature]);
  const axis = g.int64s([-1]);
  const largest = g.node('ReduceMax', [scaled, axis], { keepdims: 1 }, LARGEST_LOGITS);
  const shifted = g.node('Sub', [scaled, largest]);
  const exponentials = g.node('Exp', [shifted]);
  const total = g.node('ReduceSum', [exponentials, axis], { keepdims: 1 });
  const logTotal = g.node('Log', [total]);
  const indices = g.node('Reshape', [tokens, g.int64s([count, 1])]);
  const chosen = g.node('GatherElements', [shifted, indices], { axis: 1 });
  return { logProbabilities: g.node('Sub', [chosen, logTotal]), chosen, shifted, exponentials, total, logTotal };
}

/**
 * Log-probabilities of given completions: output log_probabilities [N*G, C]. Run with the reference policy's weights
 * it gives the l_ref of the KL penalty.
 */
export function logProbabilityModel(a: Architecture, shape: BatchShape): OnnxModel {
  const rows = completionCount(shape);
  const g = new GraphBuilder('log-probabilities');
  declareWeights(g, a);
  const prompts = declarePrompts(g, a, shape);
  const completions = declareCompletions(g, a, shape);
  const temperature = g.input('temperature', 'float32', [1]);
  const logits = new Transformer(g, a, shape).sequenceLogits(prompts, completions);
  const count = rows * a.max_completion_length;
  const { logProbabilities } = tokenLogProbabilities(g, logits, completions.tokens, temperature, count);
  const outputShape = [rows, a.max_completion_length];
  g.output(
    g.node('Reshape', [logProbabilities, g.int64s(outputShape)], {}, 'log_probabilities'),
    'float32',
    outputShape,
  );
  return adapted(g.build(), a);
}

/**
 * Figures of given completions: output figures [2], the negative log-likelihood of a token and the share of tokens that
 * are the likeliest, both weighted by the input token_weights [N*G, C], which adds up to 1.
 */
export function supervisedModel(a: Architecture, shape: BatchShape): OnnxModel {
  const rows = completionCount(shape);
  const count = rows * a.max_completion_length;
  const g = new GraphBuilder('evaluation');
  declareWeights(g, a);
  const prompts = declarePrompts(g, a, shape);
  const completions = declareCompletions(g, a, shape);
  const tokenWeights = g.input('token_weights', 'float32', [rows, a.max_completion_length]);
  const weight = g.node('Reshape', [tokenWeights, g.int64s([count, 1])]);
  const logits = new Transformer(g, a, shape).sequenceLogits(prompts, completions);
  const { logProbabilities, chosen } = tokenLogProbabilities(g, logits, completions.tokens, g.float(1), count);
  const mean = (x: Value) => g.node('ReduceSum', [g.node('Mul', [x, weight]), g.int64s([0])], { keepdims: 0 });
  // The likeliest token's logit has had itself subtracted.
  const likeliest = indicator(g, g.node('Equal', [chosen, g.float(0)]));
  const nll = g.node('Neg', [logProbabilities]);
  g.output(g.node('Concat', [mean(nll), mean(likeliest)], { axis: 0 }, 'figures'), 'float32', [2]);
  return adapted(g.build(), a);
}

/** Entropy of each token's distribution, [rows*C, 1]: log Z - sum(p * shifted logit), p = exponentials / Z. */
function tokenEntropies(g: GraphBuilder, policy: ReturnType<typeof tokenLogProbabilities>): Value {
  const expectation = g.node('Div', [
    g.node('ReduceSum', [g.node('Mul', [policy.exponentials, policy.shifted]), g.int64s([-1])], { keepdims: 1 }),
    policy.total,
  ]);
  return g.node('Sub', [policy.logTotal, expectation]);
}

/** Each completion's mean of `logRatio` over the tokens that count, at every of its tokens; [rows*C, 1] like its inputs. */
function sequenceMean(g: GraphBuilder, logRatio: Value, mask: Value, rows: number, columns: number): Value {
  const byRow = (x: Value) => g.node('Reshape', [x, g.int64s([rows, columns])]);
  const sum = (x: Value) => g.node('ReduceSum', [x, g.int64s([1])], { keepdims: 1 });
  const length = g.node('Max', [sum(byRow(mask)), g.float(1)]);
  const mean = g.node('Div', [sum(byRow(g.node('Mul', [logRatio, mask]))), length]);
  return g.node('Reshape', [g.node('Expand', [mean, g.int64s([rows, columns])]), g.int64s([rows * columns, 1])]);
}

/** The loss type's surrogate. */
function surrogateOf(inputs: SurrogateInputs, { loss_type, delta }: Objective) {
  switch (LOSS_TYPES[loss_type].surrogate) {
    case 'clipped':
      return clippedSurrogate(inputs, delta > 0);
    case 'cispo':
      return cispoSurrogate(inputs);
    case 'sapo':
      return sapoSurrogate(inputs);
  }
}

/** The forward half of the training graph: loss and statistics, and the names of what gradients do not pass. */
function objectiveModel(a: Architecture, shape: BatchShape, objective: Objective) {
  const rows = completionCount(shape);
  const columns = a.max_completion_length;
  const count = rows * columns;
  const g = new GraphBuilder('objective');
  declareWeights(g, a);
  const prompts = declarePrompts(g, a, shape);
  const completions = declareCompletions(g, a, shape);
  const perToken = (name: string) => {
    const input = g.input(name, 'float32', [rows, columns]);
    return g.node('Reshape', [input, g.int64s([count, 1])]);
  };
  const weight = perToken('token_weights');
  const oldLogProbability = perToken('old_log_probabilities');
  const referenceLogProbability = perToken('reference_log_probabilities');
  const advantages = g.input('advantages', 'float32', [rows]);
  const advantage = g.node('Reshape', [
    g.node('Expand', [g.node('Reshape', [advantages, g.int64s([rows, 1])]), g.int64s([rows, columns])]),
    g.int64s([count, 1]),
  ]);
  const scalar = (name: ObjectiveScalar) => g.input(name, 'float32', [1]);
  const zero = g.float(0);
  const mask = indicator(g, g.node('Greater', [weight, zero]));

  const logits = new Transformer(g, a, shape).sequenceLogits(prompts, completions);
  const policy = tokenLogProbabilities(g, logits, completions.tokens, scalar('temperature'), count);
  const logProbability = policy.logProbabilities;
  const entropy = tokenEntropies(g, policy);

  const bound = (x: Value) => g.node('Max', [g.node('Min', [x, g.float(LOG_RATIO_BOUND)]), g.float(-LOG_RATIO_BOUND)]);
  const bySequence = objective.importance_sampling_level === 'sequence';
  const tokenLogRatio = g.node('Sub', [logProbability, oldLogProbability]);
  const logRatio = bySequence ? sequenceMean(g, tokenLogRatio, mask, rows, columns) : tokenLogRatio;
  const ratio = g.node('Exp', [bound(logRatio)]);
  const surrogate = surrogateOf(
    {
      g,
      ratio,
      logProbability,
      advantage,
      positive: indicator(g, g.node('Greater', [advantage, zero])),
      negative: indicator(g, g.node('Less', [advantage, zero])),
      scalar,
    },
    objective,
  );
  const masked = objective.top_entropy_quantile < 1;
  const policyLoss = masked
    ? g.node('Mul', [surrogate.loss, topEntropyMask(g, entropy, mask, scalar('top_entropy_quantile'), ENTROPY_MASK)])
    : surrogate.loss;
  const towardsReference = bound(g.node('Sub', [referenceLogProbability, logProbability]));
  const kl = g.node('Sub', [g.node('Sub', [g.node('Exp', [towardsReference]), towardsReference]), g.float(1)]);
  const nll = g.node('Neg', [logProbability]);
  const tokenLoss = g.node('Add', [
    g.node('Add', [g.node('Mul', [scalar('policy_weight'), policyLoss]), g.node('Mul', [scalar('beta'), kl])]),
    g.node('Mul', [scalar('supervised_weight'), nll]),
  ]);
  const sum = (x: Value) => g.node('ReduceSum', [x, g.int64s([0, 1])], { keepdims: 0 });
  const loss = g.node('ReduceSum', [g.node('Mul', [tokenLoss, weight]), g.int64s([0, 1])], { keepdims: 0 }, 'loss');
  g.output(loss, 'float32', []);

  // With every completion masked out all sums are 0, and so shall be the means.
  const counted = g.node('Max', [sum(mask), g.float(1)]);
  const tokenMean = (x: Value) => g.node('Div', [sum(g.node('Mul', [x, mask])), counted]);
  const clipMean = (x: Value | undefined) => {
    if (x === undefined) return zero;
    return bySequence ? g.node('Div', [sum(x), g.float(count)]) : tokenMean(x);
  };
  const statistics = {
    policy_loss: sum(g.node('Mul', [policyLoss, weight])),
    kl: tokenMean(kl),
    entropy: tokenMean(entropy),
    nll: tokenMean(nll),
    clip_low: clipMean(surrogate.clippedLow),
    clip_high: clipMean(surrogate.clippedHigh),
  };
  const values = OBJECTIVE_STATISTICS.map((name) => g.node('Reshape', [statistics[name], g.int64s([1])]));
  g.output(g.node('Concat', values, { axis: 0 }, 'statistics'), 'float32', [OBJECTIVE_STATISTICS.length]);
  return {
    model: adapted(g.build(), a),
    constants: [LARGEST_LOGITS, ...(masked ? [ENTROPY_MASK] : []), ...surrogate.constants],
  };
}

/**
 * The training graph: the objective with its gradients. Outputs: loss [], statistics
 * [OBJECTIVE_STATISTICS.length] and grad_{weight} for each weight that is trained, with LoRA the adapters. Its inputs are
 * weights, prompts, the batch and those of OBJECTIVE_SCALARS that the objective uses.
 */
export function trainingModel(a: Architecture, shape: BatchShape, objective: Objective): OnnxModel {
  const { model, constants } = objectiveModel(a, shape, objective);
  return differentiate(model, {
    loss: 'loss',
    wrt: trainableSpecs(a).map(({ name }) => name),
    keepOutputs: ['statistics'],
    constants,
  });
}
