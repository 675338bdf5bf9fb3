/**
 * What is measured at which size. `small` finishes on a software GPU; `medium` is the page's default policy.
 */
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

export interface BenchSize {
  readonly config: RunConfig;
  /** GRPO steps that are timed, after one for warming up. */
  readonly grpoSteps: number;
  readonly peers: PeerSize;
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
  },
  medium: {
    config: grpoOnly(presets.nano, {}, 9),
    grpoSteps: 9,
    peers: { dim: 128, layers: 4, heads: 4, vocabulary: 512, batch: 32, length: 128, steps: 25 },
  },
};
