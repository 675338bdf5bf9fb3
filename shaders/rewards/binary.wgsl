// All or nothing within a relative tolerance; settings: tolerance. Definition: src/kernels/rewards/binary.ts.
fn reward_binary(answer: f32, truth: f32, settings: vec4f) -> f32 {
  return select(0.0, 1.0, abs(answer - truth) <= settings.x * abs(truth));
}
