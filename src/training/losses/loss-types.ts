/**
 * The loss types, by TRL's names: which surrogate they minimize, and how they average it over tokens. The average is that of
 * the kernel token-weights.
 *
 * bnpo is dapo here: TRL's differ in whether tokens are counted over one process or all, and a batch of the lab is one
 * process's.
 */
import type { TOKEN_AVERAGES } from '../../kernels/token-weights';

export const LOSS_TYPES = {
  /** DeepSeekMath, arXiv 2402.03300. */
  grpo: { surrogate: 'clipped', average: 'grpo' },
  /** Dr. GRPO, arXiv 2503.20783. */
  dr_grpo: { surrogate: 'clipped', average: 'dr_grpo' },
  /** DAPO, arXiv 2503.14476. */
  dapo: { surrogate: 'clipped', average: 'dapo' },
  bnpo: { surrogate: 'clipped', average: 'dapo' },
  /** MiniMax-M1, arXiv 2506.13585. */
  cispo: { surrogate: 'cispo', average: 'dapo' },
  /** SAPO, arXiv 2511.20347. */
  sapo: { surrogate: 'sapo', average: 'grpo' },
} as const satisfies Readonly<
  Record<string, { surrogate: 'clipped' | 'cispo' | 'sapo'; average: keyof typeof TOKEN_AVERAGES }>
>;

export type LossType = keyof typeof LOSS_TYPES;
