// Puts one column into a tensor of many; one invocation an element. Definition: src/kernels/place-column.ts.

struct Parameters {
  outer: u32,
  columns: u32,
  inner: u32,
  column: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read_write> target_: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let i = (group.y * groups.x + group.x) * 64 + local;
  if (i >= parameters.outer * parameters.inner) {
    return;
  }
  let row = i / parameters.inner;
  let within = i % parameters.inner;
  target_[(row * parameters.columns + parameters.column) * parameters.inner + within] = values[i];
}
