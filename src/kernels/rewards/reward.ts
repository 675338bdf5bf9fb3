/**
 * What a reward for numbers is: how good an answer is, given the truth. Defined twice like every kernel: a TypeScript
 * reference, and a WGSL function that the scoring kernel calls.
 */

/** The settings that rewards draw on, by name; a run's config gives their values. */
export interface RewardSettings {
  /** EDNM's reward of a perfect number. */
  readonly gamma: number;
  /** EDNM's decay over the relative error. */
  readonly lambda: number;
  /** Added to |truth| where an error is taken relative to it. */
  readonly epsilon: number;
  /** Largest relative error that the binary reward takes for right. */
  readonly tolerance: number;
  /** The Gaussian's width, as a relative error. */
  readonly sigma: number;
  /** The sigmoid's k. */
  readonly sharpness: number;
}

/** How far `answer` is from `truth`, in units of the truth. */
export function relativeError(answer: number, truth: number, epsilon: number): number {
  return Math.abs(answer - truth) / (Math.abs(truth) + epsilon);
}

export interface NumericReward {
  /** As metrics and configs name it; the WGSL function is reward_{name}. */
  readonly name: string;
  /** A few words for people: 'EDNM'. */
  readonly title: string;
  /** One sentence: what earns how much. */
  readonly description: string;
  /** Its settings, at most four, in the order of the WGSL function's vector. */
  readonly settings: readonly (keyof RewardSettings)[];
  /** Defines fn reward_{name}(answer: f32, truth: f32, settings: vec4f) -> f32. */
  readonly wgsl: string;
  /** The definition. `answer` and `truth` are finite. */
  reference(answer: number, truth: number, settings: RewardSettings): number;
}
