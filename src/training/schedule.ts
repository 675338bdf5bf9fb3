/**
 * The learning rate over a phase: a linear warm-up, then what `lr_scheduler_type` says, with the names and meanings of
 * Hugging Face's Trainer.
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
