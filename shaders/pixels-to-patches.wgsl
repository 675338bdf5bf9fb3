// RGBA8 pixels to normalized patches; one invocation a pixel, in the order of the output.
// Definition: src/kernels/pixels-to-patches.ts.

struct Parameters {
  frames: u32,
  height: u32,
  width: u32,
  row_stride: u32,
  patch_: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> pixels: array<u32>;
@group(0) @binding(2) var<storage, read_write> patches: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * 64 + local;
  let side = parameters.patch_;
  if (index >= parameters.frames * parameters.height * parameters.width) {
    return;
  }
  // index = ((frame, patch row, patch column), row in patch, column in patch)
  let column = index % side;
  let row = index / side % side;
  let patch_index = index / (side * side);
  let across = parameters.width / side;
  let down = parameters.height / side;
  let patch_column = patch_index % across;
  let patch_row = patch_index / across % down;
  let frame = patch_index / (across * down);

  let y = frame * parameters.height + patch_row * side + row;
  let x = patch_column * side + column;
  let bytes = unpack4x8unorm(pixels[y * parameters.row_stride + x]);
  let value = 2.0 * (bytes.rgb - 0.5);
  patches[3 * index] = value.r;
  patches[3 * index + 1] = value.g;
  patches[3 * index + 2] = value.b;
}
