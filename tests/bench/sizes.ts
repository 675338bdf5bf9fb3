/**
 * What is measured at which size. `small` finishes on a software GPU; `medium` is a policy of the shipped one's size.
 */
import type { Architecture } from '../../src/policy/parameters';
import type { RunConfig } from '../../src/training/config';
import { presets } from '../../src/training/presets';

/** A decoder-only transformer and its batch, as the peers train it. */
export interface PeerSize {
  readonly dim: number;
  readonly layers: number;
  readonly heads: number;
  readonly vocabulary: number;
  /** Sequences a batch, and tokens a sequence. */
  readonly batch: number;
  readonly length: number;
  /** Steps that are timed, after the warm-up. */
  readonly steps: number;
}

/** A policy and the batches that it is measured at. */
export interface PolicySize {
  readonly architecture: Architecture;
  /** Completions a batch; groups divide them. */
  readonly batches: readonly number[];
  /** Completions that share a prompt. */
  readonly groups: readonly number[];
  /** Runs that are timed, after the warm-up. */
  readonly runs: number;
}

export interface BenchSize {
  readonly config: RunConfig;
  /** GRPO steps that are timed, after one for warming up. */
  readonly grpoSteps: number;
  readonly peers: PeerSize;
  readonly policy: PolicySize;
}

/** A preset's run that begins with GRPO, so that its first step is the one that is measured. */
function grpoOnly(preset: RunConfig, policy: Partial<RunConfig['policy']>, steps: number): RunConfig {
  return {
    ...preset,
    policy: { ...preset.policy, ...policy },
    cold_start: { ...preset.cold_start, steps: 0 },
    grpo: { ...preset.grpo, num_iterations: 1, steps: steps + 1 },
  };
}

export const SIZES: Readonly<Record<string, BenchSize>> = {
  small: {
    config: grpoOnly(presets.tiny, { dim: 32, layers: 2, heads: 4 }, 3),
    grpoSteps: 3,
    peers: { dim: 32, layers: 2, heads: 4, vocabulary: 256, batch: 8, length: 48, steps: 7 },
    policy: {
      architecture: {
        frame_size: 32,
        patch_size: 8,
        dim: 32,
        layers: 2,
        heads: 4,
        mlp_ratio: 4,
        vocabulary: 512,
        max_prompt_length: 24,
        max_completion_length: 16,
      },
      batches: [8, 32],
      groups: [8],
      runs: 3,
    },
  },
  medium: {
    config: grpoOnly(presets.scratch, {}, 9),
    grpoSteps: 9,
    peers: { dim: 128, layers: 4, heads: 4, vocabulary: 512, batch: 32, length: 128, steps: 25 },
    policy: {
      architecture: {
        frame_size: 64,
        patch_size: 8,
        dim: 128,
        layers: 4,
        heads: 4,
        mlp_ratio: 4,
        vocabulary: 512,
        max_prompt_length: 48,
        max_completion_length: 40,
      },
      batches: [8, 32, 128],
      groups: [1, 8],
      runs: 5,
    },
  },
};
