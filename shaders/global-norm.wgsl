// The norm from partial sums of squares; one workgroup. Definition: src/kernels/global-norm.ts.

struct Parameters {
  count: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> partials: array<f32>;
@group(0) @binding(2) var<storage, read_write> norm: array<f32>;

const SIZE = 256u;

var<workgroup> sums: array<f32, SIZE>;
var<workgroup> unsound: array<u32, SIZE>;

@compute @workgroup_size(SIZE)
fn main(@builtin(local_invocation_index) local: u32) {
  var sum = 0.0;
  var bad = 0u;
  for (var i = local; i < parameters.count; i += SIZE) {
    // A negative sum of squares marks a part that was not finite.
    if (partials[i] < 0) {
      bad = 1;
    }
    sum += partials[i];
  }
  sums[local] = sum;
  unsound[local] = bad;
  workgroupBarrier();
  for (var width = SIZE / 2; width > 0; width /= 2) {
    if (local < width) {
      sums[local] += sums[local + width];
      unsound[local] |= unsound[local + width];
    }
    workgroupBarrier();
  }
  if (local == 0) {
    let is_sound = unsound[0] == 0;
    norm[0] = select(0.0, sqrt(max(sums[0], 0.0)), is_sound);
    norm[1] = select(1.0, 0.0, is_sound);
  }
}
