/**
 * The field's terms, each in a sentence or two, explained where they stand on the page.
 */
export interface Explanation {
  readonly title: string;
  readonly text: string;
}

export const glossary = {
  ednm: {
    title: 'EDNM reward',
    text: 'Exponential Decay Numeric Matching: γ · exp(−λ · |answer − truth| / |truth|). A near miss earns nearly all of the reward, a wild guess almost none, so that the policy can feel its way towards the number.',
  },
  grpo: {
    title: 'GRPO',
    text: 'Group Relative Policy Optimization: the policy answers the same question several times, and each completion is pushed up or down by how much better it did than the others of its group.',
  },
  coldStart: {
    title: 'Cold start',
    text: 'Before the rewards, the policy learns to speak: supervised steps on true answers with their chains of thought, so that its completions have the right form and a first notion of size.',
  },
  heldOut: {
    title: 'Held-out questions',
    text: 'Questions about rooms that the run never trains on, the same at each evaluation and answered greedily. The rewards above are of sampled answers to ever other questions: they rise already where the policy grows surer.',
  },
  kl: {
    title: 'KL divergence',
    text: 'How far the policy has moved from the one it started GRPO with. A small penalty on it keeps the policy from forgetting how to speak while it chases reward.',
  },
  entropy: {
    title: 'Entropy',
    text: 'How undecided the policy is about its next token, in nats. It falls as the policy grows sure; a sudden collapse means that it has stopped exploring.',
  },
  advantage: {
    title: 'Advantage',
    text: 'A completion’s reward minus its group’s mean, over the group’s spread. Above zero, its tokens become likelier; below, less likely.',
  },
  format: {
    title: 'Format reward',
    text: '1 when the completion keeps the contract <think>…</think><answer>…</answer>, else 0.',
  },
  gradNorm: {
    title: 'Gradient norm',
    text: 'Length of the gradient over all weights before clipping. Spikes are steps that would have overshot.',
  },
  readBack: {
    title: 'Bytes read back',
    text: 'Frames, tokens, rewards and gradients stay on the device. This is all that came back to the page in a step; the budget is 64 KiB.',
  },
  smoothing: {
    title: 'Smoothing',
    text: 'Weight of the past in the bold line, a debiased exponential moving average. The faint line is the raw value; the band is its spread.',
  },
  policyFrame: {
    title: 'What the policy sees',
    text: 'The one picture that comes with every question, as coarse as the policy gets it. It must read distances and sizes from these pixels.',
  },
} satisfies Readonly<Record<string, Explanation>>;

export type Term = keyof typeof glossary;
