/**
 * Named run configs: `tiny` for tests, `nano` the page's default, which starts from the shipped policy; `scratch` trains
 * one of its size from fresh weights.
 */
import { parseRunConfig, type RunConfig, type RunConfigInput } from './config';

const reward: RunConfigInput['reward'] = {
  function: 'ednm',
  gamma: 1,
  lambda: 2,
  epsilon: 1e-6,
  tolerance: 0.1,
  format_weight: 0.2,
};

/** What the presets' GRPO phases share: DAPO's clipping bounds and average, sampling at temperature 1. */
const objective = {
  loss_type: 'dapo',
  scale_rewards: 'group',
  epsilon: 0.2,
  epsilon_high: 0.28,
  temperature: 1,
  mask_truncated_completions: false,
  lr_scheduler_type: 'linear',
  weight_decay: 0,
  max_grad_norm: 1,
} as const;

/** A few thousand weights and two short steps: runs on a software GPU in seconds. */
const tiny: RunConfigInput = {
  seed: 1,
  data: { tasks: ['object_size_estimation'] },
  policy: { frame_size: 32, patch_size: 16, dim: 16, layers: 1, heads: 2, mlp_ratio: 2, max_prompt_length: 28 },
  cold_start: {
    steps: 2,
    batch_size: 4,
    learning_rate: 1e-2,
    lr_scheduler_type: 'cosine',
    warmup_steps: 1,
    weight_decay: 0,
    max_grad_norm: 1,
  },
  grpo: {
    ...objective,
    steps: 3,
    prompts_per_step: 2,
    num_generations: 4,
    num_iterations: 2,
    beta: 0.02,
    max_completion_length: 48,
    learning_rate: 1e-3,
    warmup_steps: 0,
  },
  reward,
  save_steps: 100,
};

/** A policy of about a million weights that a laptop's GPU trains in minutes, from fresh weights. */
const scratch: RunConfigInput = {
  seed: 1,
  data: {
    tasks: [
      'object_counting',
      'object_abs_distance',
      'object_size_estimation',
      'object_rel_distance',
      'camera_object_distance',
    ],
  },
  policy: { frame_size: 64, patch_size: 8, dim: 128, layers: 4, heads: 4, mlp_ratio: 4, max_prompt_length: 64 },
  cold_start: {
    steps: 300,
    batch_size: 32,
    learning_rate: 1e-3,
    lr_scheduler_type: 'cosine',
    warmup_steps: 20,
    weight_decay: 0.01,
    max_grad_norm: 1,
  },
  grpo: {
    ...objective,
    steps: 200,
    prompts_per_step: 8,
    num_generations: 8,
    num_iterations: 1,
    beta: 0.01,
    max_completion_length: 56,
    learning_rate: 1e-4,
    warmup_steps: 5,
  },
  reward,
  save_steps: 20,
};

/**
 * The page's default: GRPO from the shipped policy, which answers already. The architecture is that policy's, and its
 * vision tower stays as pretraining left it. The families are all whose answers are numbers, and five of choices.
 *
 * What keeps a policy that has been annealed from getting worse: samples near what it answers greedily (at temperature 1
 * they score 40 where it scores 50), small steps, rewards that are not divided by a group's spread, which is small where
 * there is little to learn, and a KL penalty, without which choices are forgotten while numbers improve.
 */
const nano: RunConfigInput = {
  ...scratch,
  data: {
    tasks: [
      'object_counting',
      'object_abs_distance',
      'object_size_estimation',
      'room_size_estimation',
      'camera_object_distance',
      'object_abs_direction',
      'occlusion',
      'camera_displacement',
      'object_rel_distance',
      'relation_2d',
      'depth_3d',
      'point_depth_order',
      'count_2d',
    ],
  },
  model_name_or_path: 'nano',
  freeze_vision_tower: true,
  policy: {
    frame_size: 64,
    frames: 4,
    patch_size: 8,
    stem_stages: 2,
    vision_layers: 3,
    dim: 128,
    layers: 4,
    heads: 4,
    mlp_ratio: 4,
    partial_rotary_factor: 0.5,
    max_prompt_length: 96,
  },
  cold_start: { ...scratch.cold_start, steps: 0 },
  grpo: {
    ...scratch.grpo,
    prompts_per_step: 16,
    scale_rewards: 'none',
    temperature: 0.6,
    beta: 0.05,
    max_completion_length: 72,
    learning_rate: 4e-5,
    warmup_steps: 10,
  },
};

/** One numeric task and a small policy: shows in minutes on a processor that GRPO raises the EDNM reward. */
const learn: RunConfigInput = {
  seed: 1,
  data: { tasks: ['camera_object_distance'] },
  policy: { frame_size: 32, patch_size: 8, dim: 64, layers: 2, heads: 4, mlp_ratio: 4, max_prompt_length: 28 },
  cold_start: {
    steps: 80,
    batch_size: 32,
    learning_rate: 3e-3,
    lr_scheduler_type: 'cosine',
    warmup_steps: 10,
    weight_decay: 0.01,
    max_grad_norm: 1,
  },
  grpo: {
    ...objective,
    steps: 200,
    prompts_per_step: 16,
    num_generations: 8,
    num_iterations: 1,
    beta: 0.002,
    max_completion_length: 40,
    learning_rate: 4e-4,
    warmup_steps: 5,
  },
  reward,
  save_steps: 50,
};

export const presets: Readonly<Record<string, RunConfig>> = Object.fromEntries(
  Object.entries({ tiny, learn, nano, scratch }).map(([name, config]) => [
    name,
    parseRunConfig(config, `the preset ${name}`),
  ]),
);
