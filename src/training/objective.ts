/**
 * The training graph: one loss that the cold start and GRPO share, and its gradients.
 *
 * For each completion token t, with log-probability l under the policy, l_old when it was sampled and l_ref under the
 * reference policy (all at the sampling temperature):
 *
 *   ratio     = exp(l - l_old)
 *   surrogate = -min(ratio * A, clip(ratio, 1 - epsilon, 1 + epsilon_high) * A)      PPO's clipped objective, as in GRPO
 *   kl        = exp(l_ref - l) - (l_ref - l) - 1                                    the k3 estimator
 *   loss      = sum over t of weight_t * (policy_weight * surrogate + beta * kl - supervised_weight * l)
 *
 * GRPO sets policy_weight 1 and supervised_weight 0, the cold start the reverse. weight_t carries the completion mask
 * and the averaging of `loss_type` (kernel token-weights). Sources: DeepSeekMath (arXiv 2402.03300) equations 3 and 4;
 * DAPO (arXiv 2503.14476) for the token-level average and the upper bound of its own.
 */
import { GraphBuilder, type Value } from '../graph/builder';
import { differentiate } from '../graph/differentiate';
import type { OnnxModel } from '../graph/model';
import { type BatchShape, declarePrompts, declareWeights, Transformer } from '../policy/architecture';
import { type Architecture, parameterSpecs } from '../policy/parameters';

/** Log-ratios beyond this are clamped before the exponential: exp(20) is far outside any clipping range. */
const LOG_RATIO_BOUND = 20;

/** The scalars of the loss, each an input of shape [1], so that they may change every step. */
export const OBJECTIVE_SCALARS = [
  'temperature',
  'epsilon',
  'epsilon_high',
  'beta',
  'policy_weight',
  'supervised_weight',
] as const;
export type ObjectiveScalar = (typeof OBJECTIVE_SCALARS)[number];

/** What the graph's `statistics` output holds, in order: averages over the weighted tokens. */
export const OBJECTIVE_STATISTICS = ['policy_loss', 'kl', 'entropy', 'nll', 'clip_low', 'clip_high'] as const;

/** Inputs of every graph over whole completions, beside weights and prompts. */
function declareCompletions(g: GraphBuilder, a: Architecture, { prompts, generations }: BatchShape) {
  return {
    tokens: g.input('completion_tokens', 'int32', [prompts * generations, a.max_completion_length]),
    promptLengths: g.input('prompt_lengths', 'int32', [prompts, 1]),
  };
}

/** Logits at the sampling temperature, and the log-probabilities [rows*C, 1] of the completions' tokens. */
function tokenLogProbabilities(g: GraphBuilder, logits: Value, tokens: Value, temperature: Value, count: number) {
  const scaled = g.node('Div', [logits, temperature]);
  const axis = g.int64s([-1]);
  const largest = g.node('ReduceMax', [scaled, axis], { keepdims: 1 }, 'largest_logits');
  const shifted = g.node('Sub', [scaled, largest]);
  const exponentials = g.node('Exp', [shifted]);
  const total = g.node('ReduceSum', [exponentials, axis], { keepdims: 1 });
  const logTotal = g.node('Log', [total]);
  const indices = g.node('Reshape', [tokens, g.int64s([count, 1])]);
  const chosen = g.node('GatherElements', [shifted, indices], { axis: 1 });
  return { logProbabilities: g.node('Sub', [chosen, logTotal]), shifted, exponentials, total, logTotal };
}

/**
 * Log-probabilities of given completions: output log_probabilities [N*G, C]. Run with the reference policy's weights
 * it gives the l_ref of the KL penalty.
 */
export function logProbabilityModel(a: Architecture, shape: BatchShape): OnnxModel {
  const rows = shape.prompts * shape.generations;
  const g = new GraphBuilder('log-probabilities');
  declareWeights(g, a);
  const prompts = declarePrompts(g, a, shape);
  const { tokens, promptLengths } = declareCompletions(g, a, shape);
  const temperature = g.input('temperature', 'float32', [1]);
  const logits = new Transformer(g, a, shape).sequenceLogits(prompts, tokens, promptLengths);
  const count = rows * a.max_completion_length;
  const { logProbabilities } = tokenLogProbabilities(g, logits, tokens, temperature, count);
  const outputShape = [rows, a.max_completion_length];
  g.output(
    g.node('Reshape', [logProbabilities, g.int64s(outputShape)], {}, 'log_probabilities'),
    'float32',
    outputShape,
  );
  return g.build();
}

/** The forward half of the training graph: loss, statistics and what they are made of. */
function objectiveModel(a: Architecture, shape: BatchShape): OnnxModel {
  const rows = shape.prompts * shape.generations;
  const count = rows * a.max_completion_length;
  const g = new GraphBuilder('objective');
  declareWeights(g, a);
  const prompts = declarePrompts(g, a, shape);
  const { tokens, promptLengths } = declareCompletions(g, a, shape);
  const perToken = (name: string) => {
    const input = g.input(name, 'float32', [rows, a.max_completion_length]);
    return g.node('Reshape', [input, g.int64s([count, 1])]);
  };
  const weight = perToken('token_weights');
  const oldLogProbability = perToken('old_log_probabilities');
  const referenceLogProbability = perToken('reference_log_probabilities');
  const advantages = g.input('advantages', 'float32', [rows]);
  const advantage = g.node('Reshape', [
    g.node('Expand', [g.node('Reshape', [advantages, g.int64s([rows, 1])]), g.int64s([rows, a.max_completion_length])]),
    g.int64s([count, 1]),
  ]);
  const scalar = Object.fromEntries(OBJECTIVE_SCALARS.map((name) => [name, g.input(name, 'float32', [1])])) as Record<
    ObjectiveScalar,
    Value
  >;

  const logits = new Transformer(g, a, shape).sequenceLogits(prompts, tokens, promptLengths);
  const policy = tokenLogProbabilities(g, logits, tokens, scalar.temperature, count);
  const logProbability = policy.logProbabilities;

  const one = g.float(1);
  const bound = (x: Value) => g.node('Max', [g.node('Min', [x, g.float(LOG_RATIO_BOUND)]), g.float(-LOG_RATIO_BOUND)]);
  const ratio = g.node('Exp', [bound(g.node('Sub', [logProbability, oldLogProbability]))]);
  const low = g.node('Sub', [one, scalar.epsilon]);
  const high = g.node('Add', [one, scalar.epsilon_high]);
  const clipped = g.node('Min', [g.node('Max', [ratio, low]), high]);
  const surrogate = g.node('Neg', [
    g.node('Min', [g.node('Mul', [ratio, advantage]), g.node('Mul', [clipped, advantage])]),
  ]);
  const towardsReference = bound(g.node('Sub', [referenceLogProbability, logProbability]));
  const kl = g.node('Sub', [g.node('Sub', [g.node('Exp', [towardsReference]), towardsReference]), one]);
  const nll = g.node('Neg', [logProbability]);
  const tokenLoss = g.node('Add', [
    g.node('Add', [g.node('Mul', [scalar.policy_weight, surrogate]), g.node('Mul', [scalar.beta, kl])]),
    g.node('Mul', [scalar.supervised_weight, nll]),
  ]);
  const weightedSum = (x: Value, name?: string) =>
    g.node('ReduceSum', [g.node('Mul', [x, weight]), g.int64s([0, 1])], { keepdims: 0 }, name);
  const loss = weightedSum(tokenLoss, 'loss');
  g.output(loss, 'float32', []);

  // Entropy = log Z - sum(p * shifted logit), p = exponentials / Z.
  const expectation = g.node('Div', [
    g.node('ReduceSum', [g.node('Mul', [policy.exponentials, policy.shifted]), g.int64s([-1])], { keepdims: 1 }),
    policy.total,
  ]);
  const entropy = g.node('Sub', [policy.logTotal, expectation]);
  const indicator = (condition: Value) => g.node('Cast', [condition], { to: 1 });
  const zero = g.float(0);
  // A token counts as clipped where the clipping takes its gradient away.
  const clipLow = g.node('Mul', [
    indicator(g.node('Less', [ratio, low])),
    indicator(g.node('Less', [advantage, zero])),
  ]);
  const clipHigh = g.node('Mul', [
    indicator(g.node('Greater', [ratio, high])),
    indicator(g.node('Greater', [advantage, zero])),
  ]);
  const statistics = { policy_loss: surrogate, kl, entropy, nll, clip_low: clipLow, clip_high: clipHigh };
  const total = g.node('ReduceSum', [weight, g.int64s([0, 1])], { keepdims: 0 });
  // With every completion masked out all sums are 0, and so shall be the averages.
  const safeTotal = g.node('Max', [total, g.float(1e-9)]);
  const averages = OBJECTIVE_STATISTICS.map((name) =>
    g.node('Reshape', [g.node('Div', [weightedSum(statistics[name]), safeTotal]), g.int64s([1])]),
  );
  g.output(g.node('Concat', averages, { axis: 0 }, 'statistics'), 'float32', [OBJECTIVE_STATISTICS.length]);
  return g.build();
}

/**
 * The training graph: the objective with its gradients. Outputs: loss [], statistics
 * [OBJECTIVE_STATISTICS.length] and grad_{weight} for each weight.
 */
export function trainingModel(a: Architecture, shape: BatchShape): OnnxModel {
  return differentiate(objectiveModel(a, shape), {
    loss: 'loss',
    wrt: parameterSpecs(a).map(({ name }) => name),
    keepOutputs: ['statistics'],
    // The largest logit is subtracted for range alone; the loss does not depend on it.
    constants: ['largest_logits'],
  });
}
