// One AdamW update, in place; one invocation an element. Definition: src/kernels/adamw.ts.

struct Parameters {
  count: u32,
  step_size: f32,
  decay: f32,
  beta1: f32,
  one_minus_beta1: f32,
  beta2: f32,
  one_minus_beta2: f32,
  second_correction: f32,
  epsilon: f32,
  max_norm: f32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read_write> weights: array<f32>;
@group(0) @binding(2) var<storage, read> gradient: array<f32>;
@group(0) @binding(3) var<storage, read_write> first: array<f32>;
@group(0) @binding(4) var<storage, read_write> second: array<f32>;
@group(0) @binding(5) var<storage, read> norm: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let i = (group.y * groups.x + group.x) * 64 + local;
  // norm[1] is set when a gradient was not finite: such an update is skipped.
  if (i >= parameters.count || norm[1] != 0) {
    return;
  }
  let g = gradient[i] * min(1.0, parameters.max_norm / (norm[0] + 1e-6));
  let m = parameters.beta1 * first[i] + parameters.one_minus_beta1 * g;
  let v = parameters.beta2 * second[i] + parameters.one_minus_beta2 * g * g;
  let denominator = sqrt(v) / parameters.second_correction + parameters.epsilon;
  weights[i] = weights[i] * (1 - parameters.decay) - parameters.step_size * m / denominator;
  first[i] = m;
  second[i] = v;
}
