/**
 * What the policy itself costs, on whichever backend: updates (forward, loss, backward, clipping and AdamW) and
 * generation, its prefix included. Frames and text are made up and no completion ends early, so that all that a batch
 * has room for is computed.
 */
import type { Backend } from '../../src/backends/backend';
import { Generator } from '../../src/policy/generation';
import type { BatchShape } from '../../src/policy/inputs';
import { type Architecture, elementCount } from '../../src/policy/parameters';
import { allocatePrompts, writePrompts } from '../../src/policy/prompts';
import { initializeWeights } from '../../src/policy/weights';
import { stream } from '../../src/random';
import { AdamW } from '../../src/training/optimizer';
import { Updater } from '../../src/training/update';
import { median } from './table';

const WARM_UP = 2;
/** No token is the end: completions run to their longest. */
const SPECIAL = { pad: 0, bos: 1, eos: -1 };
const OBJECTIVE = {
  loss_type: 'dapo',
  importance_sampling_level: 'token',
  delta: 0,
  top_entropy_quantile: 1,
} as const;
const SETTINGS = {
  learningRate: 1e-4,
  temperature: 1,
  epsilon: 0.2,
  epsilon_high: 0.28,
  delta: 0,
  sapo_temperature_pos: 1,
  sapo_temperature_neg: 1,
  top_entropy_quantile: 1,
  beta: 0,
  policy_weight: 0,
  supervised_weight: 1,
};

/** Medians. */
export interface PolicyTimes {
  readonly runtime: string;
  readonly adapter: string;
  /** Seconds. */
  readonly update: number;
  readonly generation: number;
}

/** Times `runs` updates and as many generations of a batch. */
export async function timePolicy(
  backend: Backend,
  a: Architecture,
  shape: BatchShape,
  runs: number,
): Promise<PolicyTimes> {
  const random = stream(1, 'bench', 'policy');
  const rows = shape.prompts * shape.generations;
  const perToken = [rows, a.max_completion_length];
  const tokens = (count: number) => Array.from({ length: count }, () => random.integer(2, a.vocabulary - 1));

  const weights = initializeWeights(backend, a, 1);
  const prompts = allocatePrompts(backend, a, shape);
  const values = Float32Array.from({ length: elementCount(prompts.patches.shape) }, () => random.uniform(-1, 1));
  backend.write(prompts.patches, values);
  const texts = Array.from({ length: shape.prompts }, () => tokens(a.max_prompt_length));
  writePrompts(backend, a, prompts, texts, SPECIAL.pad);
  const count = elementCount(perToken);
  const batch = {
    completion_tokens: backend.allocate('completions', 'int32', perToken, Int32Array.from(tokens(count))),
    token_weights: backend.allocate('token weights', 'float32', perToken, new Float32Array(count).fill(1 / count)),
    advantages: backend.allocate('advantages', 'float32', [rows]),
    old_log_probabilities: backend.allocate('old log-probabilities', 'float32', perToken),
    reference_log_probabilities: backend.allocate('reference log-probabilities', 'float32', perToken),
  };
  const updater = await Updater.create(backend, a, shape, OBJECTIVE);
  const optimizer = new AdamW(backend, a, { weight_decay: 0.01, max_grad_norm: 1 });
  const generator = await Generator.create(backend, a, shape, SPECIAL);

  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const seconds: number[] = [];
    for (let run = 0; run < WARM_UP + runs; run++) {
      const start = performance.now();
      await work();
      seconds.push((performance.now() - start) / 1000);
    }
    return median(seconds.slice(WARM_UP));
  };
  const update = await timed(() => updater.update(weights, optimizer, prompts, batch, SETTINGS));
  const generation = await timed(async () => {
    const rollout = await generator.generate(weights, prompts, { temperature: 1, seed: 1 });
    // Reading waits for the device.
    await backend.read(rollout.finished);
  });
  const { runtime, adapter } = backend.description;
  return { runtime, adapter, update, generation };
}
