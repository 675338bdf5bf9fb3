// Mean relative accuracy: the share of ten tolerances that is kept. Definition: src/kernels/rewards/mra.ts.
fn reward_mra(answer: f32, truth: f32, settings: vec4f) -> f32 {
  var kept = 0.0;
  for (var hundredths = 50; hundredths > 0; hundredths -= 5) {
    let tolerance = f32(hundredths) / 100.0 + 1e-6;
    kept += select(0.0, 1.0, abs(answer - truth) <= tolerance * abs(truth));
  }
  return kept / 10.0;
}
