/**
 * What changes from step to step by plan: the learning rate, with the names and meanings of Hugging Face's Trainer; the
 * weight of the KL penalty; and the sharpness of the annealed sigmoid.
 */
import type { RunConfig } from './config';

type Schedule = Pick<RunConfig['grpo'], 'learning_rate' | 'warmup_steps' | 'lr_scheduler_type' | 'steps'>;

/** Learning rate at `step`, from 1 to `steps`. It is above 0 at every step. */
export function learningRateAt(
  step: number,
  { learning_rate, warmup_steps, lr_scheduler_type, steps }: Schedule,
): number {
  if (step <= warmup_steps) return (learning_rate * step) / warmup_steps;
  // How much of the phase after the warm-up lies behind this step.
  const done = (step - 1 - warmup_steps) / Math.max(1, steps - warmup_steps);
  switch (lr_scheduler_type) {
    case 'constant':
      return learning_rate;
    case 'linear':
      return learning_rate * (1 - done);
    case 'cosine':
      return (learning_rate * (1 + Math.cos(Math.PI * done))) / 2;
  }
}

/** How much of a phase of `steps` lies behind its step `step`, from 1: 0 at the first, 1 at the last. */
function progress(step: number, steps: number): number {
  return steps > 1 ? (step - 1) / (steps - 1) : 0;
}

/**
 * Weight of the KL penalty at GRPO step `step`, from 1: grpo.beta, or along half a cosine from there to beta_end. That it is
 * annealed so is reported of M2-Reasoning; both ends are ours.
 */
export function betaAt(step: number, { grpo, dynamic_optimization }: RunConfig): number {
  const { anneal_beta, beta_end } = dynamic_optimization;
  if (!anneal_beta) return grpo.beta;
  return beta_end + ((grpo.beta - beta_end) * (1 + Math.cos(Math.PI * progress(step, grpo.steps)))) / 2;
}

/** The annealed sigmoid's k at GRPO step `step`, from 1: from sharpness straight to sharpness_end. */
export function sharpnessAt(
  step: number,
  steps: number,
  { sharpness, sharpness_end }: Pick<RunConfig['reward'], 'sharpness' | 'sharpness_end'>,
): number {
  return sharpness + (sharpness_end - sharpness) * progress(step, steps);
}
