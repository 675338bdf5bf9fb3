// Adds scaled values to a sum, or begins it; one invocation an element. Definition: src/kernels/accumulate.ts.

struct Parameters {
  count: u32,
  first: u32,
  scale: f32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read_write> sum: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let i = (group.y * groups.x + group.x) * 64 + local;
  if (i >= parameters.count) {
    return;
  }
  // What the sum held before a first pass may be anything, NaN too: it is not read.
  let before = select(sum[i], 0.0, parameters.first == 1);
  sum[i] = before + parameters.scale * values[i];
}
