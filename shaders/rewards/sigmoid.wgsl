// A bell that a run makes narrower; settings: k, epsilon. Definition: src/kernels/rewards/sigmoid.ts.
fn reward_sigmoid(answer: f32, truth: f32, settings: vec4f) -> f32 {
  // The bounds keep the square and the exponential within float32.
  let error = min(1e9, abs(answer - truth) / (abs(truth) + settings.y));
  return 2.0 / (1.0 + exp(min(80.0, settings.x * error * error)));
}
