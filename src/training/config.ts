/**
 * A run, as a config: the one schema behind the settings form, the URL, the command line's files and their validation.
 * Field names follow TRL's GRPOConfig where the same thing exists there. Everything that a run does follows from its
 * config, which holds the seed.
 */
import { z } from 'zod';
import { NUMERIC_REWARDS } from '../kernels/rewards/registry';
import { imageTaskNames } from '../tasks/registry';

const positive = () => z.number().positive();
const count = () => z.int().min(1);

const policySchema = z.strictObject({
  frame_size: count().meta({ description: 'Side of the square frame that the policy sees, pixels' }),
  patch_size: count().meta({ description: 'Side of a visual patch, pixels; divides frame_size' }),
  dim: count().meta({ description: 'Width of the residual stream' }),
  layers: count().meta({ description: 'Transformer blocks' }),
  heads: count().meta({ description: 'Attention heads; divides dim' }),
  mlp_ratio: count().meta({ description: 'Width of the MLP over dim' }),
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
  batch_size: count().meta({ description: 'Samples a step' }),
  ...optimizerFields,
});

const grpoSchema = z.strictObject({
  steps: z.int().min(0).meta({ description: 'GRPO steps' }),
  prompts_per_step: count().meta({ description: 'Questions a step; each is a group' }),
  num_generations: count().meta({ description: 'Completions a group' }),
  num_iterations: count().meta({ description: 'Updates on each batch of completions' }),
  loss_type: z
    .enum(['grpo', 'dapo', 'dr_grpo'])
    .meta({ description: 'How token losses are averaged: by sequence, over all tokens, or over the longest length' }),
  scale_rewards: z
    .enum(['group', 'none'])
    .meta({ description: 'Divide advantages by the spread of the group, or not' }),
  beta: z.number().min(0).meta({ description: 'Weight of the KL penalty against the reference policy' }),
  epsilon: positive().meta({ description: 'Lower clipping bound of the ratio' }),
  epsilon_high: positive().meta({ description: 'Upper clipping bound of the ratio' }),
  temperature: positive().meta({ description: 'Sampling temperature of the rollouts' }),
  max_completion_length: count().meta({ description: 'Longest completion, tokens' }),
  mask_truncated_completions: z.boolean().meta({ description: 'Leave completions that hit the limit out of the loss' }),
  ...optimizerFields,
});

const rewardSchema = z.strictObject({
  function: z
    .enum(NUMERIC_REWARDS.map(({ name }) => name))
    .meta({ description: NUMERIC_REWARDS.map(({ title, description }) => `${title}: ${description}`).join('; ') }),
  gamma: positive().meta({ description: 'EDNM: reward of a perfect number' }),
  lambda: z.number().positive().max(1000).meta({ description: 'EDNM: decay over the relative error' }),
  epsilon: z.number().min(1e-9).meta({ description: 'EDNM: added to |truth| in the relative error' }),
  tolerance: z.number().min(0).meta({ description: 'Binary: largest relative error that counts as right' }),
  format_weight: z.number().min(0).meta({ description: 'Weight of the format reward beside the accuracy reward' }),
});

/** The policy reads one frame: families that need a video are left out. */
const taskSchema = z.enum(imageTaskNames, {
  error: ({ input }) =>
    `"${String(input)}" is not a question family on one frame; there are ${imageTaskNames.join(', ')}`,
});

const dataSchema = z.strictObject({
  tasks: z.array(taskSchema).min(1).meta({ description: 'Question families that prompts are drawn from' }),
});

/** The schema of a run's config. Unknown fields are refused. */
export const runConfigSchema = z
  .strictObject({
    seed: z.int().min(0).max(0xffffffff).meta({ description: 'Fixes every random choice of the run' }),
    data: dataSchema,
    policy: policySchema,
    cold_start: coldStartSchema,
    grpo: grpoSchema,
    reward: rewardSchema,
    save_steps: count().meta({ description: 'Steps between checkpoints' }),
  })
  .refine((config) => config.policy.frame_size % config.policy.patch_size === 0, {
    path: ['policy', 'patch_size'],
    message: 'must divide policy.frame_size',
  })
  .refine((config) => config.policy.dim % config.policy.heads === 0, {
    path: ['policy', 'heads'],
    message: 'must divide policy.dim',
  });

export type RunConfig = z.infer<typeof runConfigSchema>;
export type RewardConfig = RunConfig['reward'];

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
