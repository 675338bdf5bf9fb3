/**
 * A run, as a config: the one schema behind the settings form, the URL, the command line's files and their validation.
 * Field names follow TRL's GRPOConfig where the same thing exists there. Everything that a run does follows from its
 * config, which holds the seed. What came later has a default that leaves it off, so that older configs still run as they
 * did.
 */
import { z } from 'zod';
import { NUMERIC_REWARDS } from '../kernels/rewards/registry';
import { LINEAR_MODULES, type LoraConfig } from '../policy/lora';
import { RULES } from './config-rules';
import { dataSchema } from './data-config';
import { LOSS_TYPES } from './losses/loss-types';

const positive = () => z.number().positive();
const count = () => z.int().min(1);

const policySchema = z.strictObject({
  frame_size: count().meta({ description: 'Side of the square frame that the policy sees, pixels' }),
  frames: count()
    .max(16)
    .default(1)
    .meta({ description: 'Frames that the policy sees at once; of a longer video as many, spread over time' }),
  patch_size: count().meta({ description: 'Side of a visual patch, pixels; divides frame_size' }),
  stem_stages: z.int().min(0).max(4).default(0).meta({
    description:
      'Stages before the patch embedding, each of which merges 2 x 2 places and so halves the sides; 0 for none',
  }),
  vision_layers: z
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'Transformer blocks that see each frame by itself, before there is text; 0 for none' }),
  dim: count().meta({ description: 'Width of the residual stream' }),
  layers: count().meta({ description: 'Transformer blocks over frames and text' }),
  heads: count().meta({ description: 'Attention heads; divides dim' }),
  mlp_ratio: count().meta({ description: 'Width of the MLP over dim' }),
  partial_rotary_factor: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .meta({ description: 'Share of a head whose queries and keys turn with the text position (RoPE); 0 for none' }),
  max_prompt_length: count().meta({ description: 'Longest prompt, tokens' }),
});

const optimizerFields = {
  learning_rate: positive().meta({ description: 'Peak learning rate of AdamW' }),
  lr_scheduler_type: z
    .enum(['constant', 'linear', 'cosine'])
    .meta({ description: 'How the learning rate goes on after the warm-up: constant, or down to 0 at the last step' }),
  warmup_steps: z.int().min(0).meta({ description: 'Steps of linear warm-up' }),
  weight_decay: z.number().min(0).meta({ description: 'Decoupled weight decay' }),
  max_grad_norm: positive().meta({ description: 'Global-norm clipping threshold' }),
};

const coldStartSchema = z.strictObject({
  steps: z.int().min(0).meta({ description: 'Supervised steps before GRPO' }),
  batch_size: count().meta({
    description: 'Samples that one pass takes at most; those of the same frames share a pass',
  }),
  gradient_accumulation_steps: count()
    .default(1)
    .meta({ description: 'A step learns from batch_size times as many samples, in passes whose gradients add up' }),
  eval_steps: z
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'Steps between evaluations on held-out samples, and one after the last step; 0 for none' }),
  eval_samples: count().default(256).meta({ description: 'Held-out samples of an evaluation' }),
  ...optimizerFields,
});

const grpoSchema = z.strictObject({
  steps: z.int().min(0).meta({ description: 'GRPO steps' }),
  prompts_per_step: count().meta({ description: 'Questions a step; each is a group' }),
  num_generations: count().meta({ description: 'Completions a group' }),
  num_iterations: count().meta({ description: 'Updates on each batch of completions' }),
  loss_type: z.enum(Object.keys(LOSS_TYPES) as (keyof typeof LOSS_TYPES)[]).meta({
    description:
      'The surrogate and its average. PPO-clipped: grpo by sequence, dapo and bnpo over all tokens, dr_grpo over the ' +
      'longest length; cispo: clipped weights, over all tokens; sapo: a soft gate, by sequence',
  }),
  importance_sampling_level: z
    .enum(['token', 'sequence'])
    .default('token')
    .meta({ description: 'Ratio of each token, or one for the whole completion (GSPO, with loss_type grpo)' }),
  scale_rewards: z
    .enum(['group', 'batch', 'none'])
    .meta({ description: 'Divide advantages by the spread of the group, by that of the batch, or not' }),
  adv_estimator: z
    .enum(['grpo', 'rloo'])
    .default('grpo')
    .meta({ description: 'Rewards against the mean of the group (grpo), or of the others in it (rloo)' }),
  beta: z.number().min(0).meta({ description: 'Weight of the KL penalty against the reference policy' }),
  epsilon: positive().meta({ description: 'Lower clipping bound of the ratio' }),
  epsilon_high: positive().meta({ description: 'Upper clipping bound of the ratio; for cispo the bound itself' }),
  delta: z.number().min(0).default(0).meta({
    description: 'Two-sided clipping: bound of the ratio where the advantage is negative; 0 for none',
  }),
  sapo_temperature_pos: positive().default(1).meta({ description: "SAPO: gate's temperature, advantage above 0" }),
  sapo_temperature_neg: positive().default(1.05).meta({ description: "SAPO: gate's temperature, other advantages" }),
  top_entropy_quantile: positive()
    .max(1)
    .default(1)
    .meta({ description: 'Share of tokens, those of highest entropy, that the policy loss trains on' }),
  dynamic_sampling: z
    .boolean()
    .default(false)
    .meta({ description: 'DAPO: ask another question where all completions of a group earn the same' }),
  max_num_gen_batches: count()
    .default(3)
    .meta({ description: 'Dynamic sampling: batches of completions sampled in a step at most' }),
  temperature: positive().meta({ description: 'Sampling temperature of the rollouts' }),
  max_completion_length: count().meta({ description: 'Longest completion, tokens' }),
  mask_truncated_completions: z.boolean().meta({ description: 'Leave completions that hit the limit out of the loss' }),
  eval_steps: z
    .int()
    .min(0)
    .default(0)
    .meta({
      description:
        'Steps between evaluations by greedy answers to held-out questions; the first one, before any update, is told with ' +
        'step 1, and there is one after the last step; 0 for none',
    }),
  eval_samples: count().default(256).meta({ description: 'Held-out questions of an evaluation' }),
  ...optimizerFields,
});

/** Names and defaults of PEFT's LoraConfig, but for target_modules and for r, where 0 stands for no adapters. */
const loraSchema = z.strictObject({
  r: z.int().min(0).default(0).meta({
    title: 'Rank',
    description: 'Rank of the adapters that GRPO trains in place of the weights, which stay; 0 for none',
  }),
  lora_alpha: positive().default(8).meta({ description: 'Adapters are scaled by lora_alpha over r' }),
  target_modules: z
    .array(z.enum(LINEAR_MODULES))
    .min(1)
    .default(['qkv', 'out', 'up', 'down'])
    .meta({ description: 'Linear layers that are adapted, by the last part of their names' }),
  use_rslora: z
    .boolean()
    .default(false)
    .meta({ description: 'Scale by lora_alpha over the square root of r (rank-stabilized LoRA)' }),
});

const rewardSchema = z.strictObject({
  function: z
    .enum(NUMERIC_REWARDS.map(({ name }) => name))
    .meta({ description: `What a number earns by its error: ${NUMERIC_REWARDS.map(({ title }) => title).join(', ')}` }),
  gamma: positive().meta({ description: 'EDNM: reward of a perfect number' }),
  lambda: z.number().positive().max(1000).meta({ description: 'EDNM: decay over the relative error' }),
  epsilon: z.number().min(1e-9).meta({ description: 'Added to |truth| in the relative error, but for binary and MRA' }),
  tolerance: z.number().min(0).meta({ description: 'Binary: largest relative error that counts as right' }),
  sigma: z.number().min(1e-6).default(0.25).meta({ description: 'Gaussian: its width, as a relative error' }),
  sharpness: positive().max(1e4).default(1).meta({ description: 'Annealed sigmoid: k at the first GRPO step' }),
  sharpness_end: positive().max(1e4).default(50).meta({ description: 'Annealed sigmoid: k at the last GRPO step' }),
  accuracy_weight: z.number().min(0).default(1).meta({ description: 'Weight of the accuracy reward' }),
  exact_match_weight: z
    .number()
    .min(0)
    .default(0)
    .meta({ description: 'Weight of a reward for the exact answer, beside the accuracy reward' }),
  format_weight: z.number().min(0).meta({ description: 'Weight of the format reward beside the accuracy reward' }),
  multi_objective_aggregation: z
    .enum(['sum_then_normalize', 'normalize_then_sum'])
    .default('sum_then_normalize')
    .meta({ description: 'Advantages from the weighted sum of rewards, or from each reward normalized by itself' }),
});

const dynamicOptimizationSchema = z.strictObject({
  curriculum: z
    .boolean()
    .default(false)
    .meta({ description: 'Begin each task with its easy questions, and go on as the accuracy allows' }),
  difficulty_levels: count().max(10).default(4).meta({ description: 'Levels that the difficulty is divided into' }),
  unlock_accuracy: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta({ description: 'Curriculum: online accuracy of a level from which on the next one opens' }),
  exploration: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .meta({ description: 'Curriculum: share of questions drawn from all levels, closed ones too' }),
  accuracy_momentum: z
    .number()
    .min(0)
    .max(0.999)
    .default(0.9)
    .meta({ description: 'Weight of the past in the online accuracy' }),
  one_task_per_batch: z.boolean().default(false).meta({ description: 'All questions of a step are of one task' }),
  sample_weights: z
    .boolean()
    .default(false)
    .meta({ description: 'Weight each group by what there is to learn: most where half of it is right' }),
  min_sample_weight: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .meta({ description: 'Weight of a group, and of a level in the curriculum, that is all right or all wrong' }),
  anneal_beta: z
    .boolean()
    .default(false)
    .meta({ description: 'Take the weight of the KL penalty from grpo.beta to beta_end along a cosine' }),
  beta_end: z.number().min(0).default(0).meta({ description: 'Weight of the KL penalty at the last GRPO step' }),
});

/** The schema of a run's config. Unknown fields are refused. */
export const runConfigSchema = z
  .strictObject({
    seed: z.int().min(0).max(0xffffffff).meta({ description: 'Fixes every random choice of the run' }),
    model_name_or_path: z.string().default('').meta({
      title: 'Start from',
      description:
        'Policy whose weights and tokenizer the run starts with: shipped, or a folder; empty for fresh weights',
    }),
    freeze_vision_tower: z.boolean().default(false).meta({
      description: 'Leave what frames pass by themselves as it is: stem, patch embedding, positions, vision blocks',
    }),
    data: dataSchema,
    policy: policySchema,
    cold_start: coldStartSchema,
    grpo: grpoSchema,
    lora: loraSchema.prefault({}),
    reward: rewardSchema,
    dynamic_optimization: dynamicOptimizationSchema.prefault({}),
    save_steps: count().meta({ description: 'Steps between checkpoints' }),
  })
  .superRefine((config, context) => {
    for (const { path, message, holds } of RULES) {
      if (!holds(config)) context.addIssue({ code: 'custom', path: [...path], message });
    }
  });

/** A config as it may be given: fields with a default may be left out. */
export type RunConfigInput = z.input<typeof runConfigSchema>;
export type RunConfig = z.infer<typeof runConfigSchema>;
export type RewardConfig = RunConfig['reward'];

/** The adapters that a run's GRPO phase trains; null where it trains the weights themselves. */
export function loraOf({ lora }: RunConfig): LoraConfig | null {
  return lora.r > 0 ? lora : null;
}

/**
 * Validates a config that came from outside.
 * @param origin where it came from, for the message: a file name, 'the URL'.
 * @throws Error that lists each bad field by its path and what is wrong with it.
 */
export function parseRunConfig(value: unknown, origin: string): RunConfig {
  const result = runConfigSchema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `  ${issue.path.join('.') || '(top level)'}: ${issue.message}`);
  throw new Error(`${origin} is not a valid run config:\n${problems.join('\n')}`);
}
