/**
 * What a reward for numbers is: how good an answer is, given the truth. Defined twice like every kernel: a TypeScript
 * reference, and a WGSL function that the scoring kernel calls.
 */

/** The settings that rewards draw on, by name; a run's config gives their values. */
export interface RewardSettings {
  readonly gamma: number;
  readonly lambda: number;
  readonly epsilon: number;
  readonly tolerance: number;
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
