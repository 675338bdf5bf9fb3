// Exponential decay numeric matching; settings: gamma, lambda, epsilon. Definition: src/kernels/rewards/ednm.ts.
fn reward_ednm(answer: f32, truth: f32, settings: vec4f) -> f32 {
  return settings.x * exp(-settings.y * abs(answer - truth) / (abs(truth) + settings.z));
}
