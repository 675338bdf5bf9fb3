/** VSI-Bench's metrics (Yang et al., Thinking in Space, 2024): mean relative accuracy of numbers, accuracy of choices. */

/** 1 - theta for theta in 0.50, 0.55, … 0.95: the very doubles that the benchmark's code compares with. */
const TOLERANCES = [
  0.5, 0.44999999999999996, 0.4, 0.35, 0.30000000000000004, 0.25, 0.19999999999999996, 0.15000000000000002,
  0.10000000000000009, 0.050000000000000044,
];

/** Share of the ten tolerances that |prediction - truth| / truth is within, the bounds included; 0 to 1. */
export function meanRelativeAccuracy(prediction: number, truth: number): number {
  const error = Math.abs(prediction - truth) / truth;
  return TOLERANCES.filter((tolerance) => error <= tolerance).length / TOLERANCES.length;
}

/** The numbers next to `truth` at which the metric jumps: a best constant is among them or among the truths. */
export function steps(truth: number): number[] {
  // A hair inside the bound, so that rounding does not fall out of it.
  return TOLERANCES.flatMap((tolerance) =>
    [1 - tolerance, 1 + tolerance].map((factor) => truth * (factor + (1 - factor) * 1e-9)),
  );
}
