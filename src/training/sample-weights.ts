/**
 * What there is to learn from a sample, by how often the policy is right: most where it is right half of the time, least
 * where it always or never is. The shape is M2-Reasoning's as reported, the formula and its minimum are ours.
 */

/**
 * w(p) = minimum + (1 - minimum) * 4 p (1 - p), in [minimum, 1].
 * @param accuracy p, the mean accuracy of a sample's completions or of many samples, in [0, 1].
 */
export function learningValue(accuracy: number, minimum: number): number {
  return minimum + (1 - minimum) * 4 * accuracy * (1 - accuracy);
}
