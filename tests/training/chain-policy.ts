/**
 * A policy that needs no training to keep to the contract: what it says next depends on the last token alone, and it answers
 * every question with one random digit. So rewards differ within a group from the first step on.
 */
import type { Backend } from '../../src/backends/backend';
import { parameterSpecs, elementCount } from '../../src/policy/parameters';
import { CONTRACT_TAGS } from '../../src/tasks/contract';
import { type Checkpoint, readCheckpoint } from '../../src/training/checkpoint';
import { parseRunConfig, type RunConfig } from '../../src/training/config';
import { softwareFrames } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import type { StepReport } from '../../src/training/report';
import { architectureOf, tokenizerOf, TrainingRun } from '../../src/training/run';

/** Questions that are cheap to make: numbers, most of one digit, and choices, which a digit never answers; none ends with a digit. */
const base: RunConfig = {
  ...presets.tiny,
  data: {
    ...presets.tiny.data,
    tasks: ['item_counting', 'syllogism', 'weekday_arithmetic'],
    general_share: 1,
    general_difficulty: 1,
  },
  policy: { ...presets.tiny.policy, max_prompt_length: 160 },
  cold_start: { ...presets.tiny.cold_start, steps: 0 },
  grpo: { ...presets.tiny.grpo, steps: 5, prompts_per_step: 4, num_iterations: 1, max_completion_length: 8 },
};

type Sections = 'data' | 'grpo' | 'reward' | 'dynamic_optimization';

/** The config of such a run with other settings. */
export function chainConfig(settings: { readonly [S in Sections]?: Partial<RunConfig[S]> } = {}): RunConfig {
  const merged = { ...base };
  for (const [section, fields] of Object.entries(settings) as [Sections, object][]) {
    Object.assign(merged, { [section]: { ...base[section], ...fields } });
  }
  return parseRunConfig(merged, 'the test config');
}

/** The policy as a checkpoint before the first GRPO step. */
function chainCheckpoint(config: RunConfig): Checkpoint {
  const tokenizer = tokenizerOf(config);
  const architecture = architectureOf(config, tokenizer);
  const { dim, vocabulary } = architecture;
  const weights = Object.fromEntries(
    parameterSpecs(architecture).map(({ name, shape }) => {
      const values = new Float32Array(elementCount(shape));
      if (name.endsWith('norm.weight')) values.fill(1);
      return [name, { shape, values }];
    }),
  );
  const digits = Array.from({ length: 10 }, (_, digit) => tokenizer.encode(String(digit))[0]);
  const [think, thinkEnd, open, close] = CONTRACT_TAGS.map((tag) => tokenizer.encode(tag)[0]);
  // Each state is a direction of the residual stream: which tokens lead into it, and which may follow.
  const states: [from: readonly number[], to: readonly number[]][] = [
    [Array.from({ length: vocabulary }, (_, token) => token), [think]],
    [[think], [thinkEnd]],
    [[thinkEnd], [open]],
    [[open], digits],
    [digits, [close]],
    [[close], [tokenizer.special.eos]],
  ];
  const embedding = weights['language.token_embed.weight'].values;
  const head = weights['language.head.weight'].values;
  states.forEach(([from, to], state) => {
    for (const token of from) {
      embedding.fill(0, token * dim, (token + 1) * dim);
      embedding[token * dim + state] = 1;
    }
    for (const token of to) head[state * vocabulary + token] = 4;
  });
  const optimizer = {
    tensors: Object.fromEntries(
      Object.entries(weights).flatMap(([name, { shape }]) =>
        ['exp_avg', 'exp_avg_sq'].map((moment) => [
          `${moment}.${name}`,
          { shape, values: new Float32Array(elementCount(shape)) },
        ]),
      ),
    ),
    updates: 0,
  };
  const start = { phase: 'grpo' as const, step: 0, tokens: 0, curriculum: [] };
  return { ...start, config, tokenizer, weights, optimizer, reference: weights, adapters: null };
}

/** A run of the policy, from the start or from a checkpoint's files. */
export function chainRun(
  backend: Backend,
  config: RunConfig,
  files?: Parameters<typeof readCheckpoint>[0],
): TrainingRun {
  const checkpoint = files ? readCheckpoint(files, 'files') : chainCheckpoint(config);
  return new TrainingRun(backend, config, softwareFrames(backend, config.policy.frame_size), { checkpoint });
}

/** Steps to the end, or as many as `count`; the run is freed then. */
export async function chainReports(run: TrainingRun, count = Infinity): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  while (!run.finished && reports.length < count) reports.push(await run.next());
  await run.dispose();
  return reports;
}
