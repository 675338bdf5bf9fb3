// 1 less the relative error; settings: epsilon. Definition: src/kernels/rewards/linear.ts.
fn reward_linear(answer: f32, truth: f32, settings: vec4f) -> f32 {
  return max(0.0, 1.0 - abs(answer - truth) / (abs(truth) + settings.x));
}
