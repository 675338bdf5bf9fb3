/**
 * The arms of the experiment: what GRPO is run with, each against the base arm. An arm is an entry of this list; the
 * command, the report's tables and its answers follow from it.
 */
import type { RunConfig } from '../../training/config';

interface Arm {
  /** On the command line, in folders and tables. */
  readonly name: string;
  /** One sentence: what the arm tests. */
  readonly tests: string;
  /** The question that the arm answers together with the base arm. */
  readonly question: string;
  /** Which of the two arms the question expects to be ahead. */
  readonly ahead: 'base' | 'arm';
  /** What it changes in the base arm's config. */
  readonly patch: {
    readonly reward?: Partial<RunConfig['reward']>;
    readonly dynamic_optimization?: Partial<RunConfig['dynamic_optimization']>;
  };
}

/** The arm that all others are compared with: EDNM, without curriculum and sample weights. */
export const BASE_ARM: Arm = {
  name: 'ednm',
  tests: 'GRPO with the EDNM reward, without curriculum and sample weights: the base of all comparisons.',
  question: 'Did RL with EDNM raise numeric MRA?',
  ahead: 'arm',
  patch: {
    reward: { function: 'ednm' },
    dynamic_optimization: { curriculum: false, sample_weights: false },
  },
};

export const ARMS: readonly Arm[] = [
  BASE_ARM,
  {
    name: 'binary',
    tests: 'A reward that is all or nothing: whether near misses need to earn something.',
    question: 'Is EDNM better than a binary reward?',
    ahead: 'base',
    patch: { reward: { function: 'binary' } },
  },
  {
    name: 'linear',
    tests: 'A reward that falls linearly: whether it matters that EDNM falls exponentially.',
    question: 'Is EDNM better than a linear reward?',
    ahead: 'base',
    patch: { reward: { function: 'linear' } },
  },
  {
    name: 'mra',
    tests: 'The metric itself as the reward: whether EDNM loses by not being what is measured.',
    question: 'Is EDNM better than MRA as the reward?',
    ahead: 'base',
    patch: { reward: { function: 'mra' } },
  },
  {
    name: 'curriculum',
    tests: 'EDNM with the curriculum over task and difficulty: whether the order of questions helps.',
    question: 'Does the curriculum help?',
    ahead: 'arm',
    patch: { dynamic_optimization: { curriculum: true } },
  },
  {
    name: 'weights',
    tests: 'EDNM with sample weights: whether it helps to learn most from what is right half of the time.',
    question: 'Do sample weights help?',
    ahead: 'arm',
    patch: { dynamic_optimization: { sample_weights: true } },
  },
];

/** @throws Error naming the arms that there are. */
export function armNamed(name: string): Arm {
  const arm = ARMS.find((candidate) => candidate.name === name);
  if (arm) return arm;
  throw new Error(`there is no arm "${name}"; the arms are ${ARMS.map((each) => each.name).join(', ')}`);
}

/** The run of an arm with a seed; `config` gives all that arms have in common. */
export function armConfig(config: RunConfig, name: string, seed: number): RunConfig {
  const patches = [BASE_ARM.patch, armNamed(name).patch];
  return patches.reduce<RunConfig>(
    (patched, { reward, dynamic_optimization }) => ({
      ...patched,
      reward: { ...patched.reward, ...reward },
      dynamic_optimization: { ...patched.dynamic_optimization, ...dynamic_optimization },
    }),
    { ...config, seed },
  );
}
