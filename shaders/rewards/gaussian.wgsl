// A bell over the relative error; settings: sigma, epsilon. Definition: src/kernels/rewards/gaussian.ts.
fn reward_gaussian(answer: f32, truth: f32, settings: vec4f) -> f32 {
  // Beyond 20 sigma a float32 holds 0; the bound keeps the square finite.
  let deviations = min(20.0, abs(answer - truth) / (abs(truth) + settings.y) / settings.x);
  return exp(-0.5 * deviations * deviations);
}
