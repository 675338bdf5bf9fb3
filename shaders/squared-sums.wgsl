// Sums of squares over a tensor's parts, one workgroup a part. Definition: src/kernels/global-norm.ts.

struct Parameters {
  count: u32,
  offset: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
// As bits: WGSL may assume that floats are finite, and so lose the very values that are looked for.
@group(0) @binding(1) var<storage, read> values: array<u32>;
@group(0) @binding(2) var<storage, read_write> partials: array<f32>;

const SIZE = 256u;
const SHARE = 4096u;
const MAX_PARTIALS = 64u;
const LARGEST_BITS = 0x58800000u; // of 2^50; infinities and NaN are above

var<workgroup> sums: array<f32, SIZE>;
var<workgroup> unsound: array<u32, SIZE>;

@compute @workgroup_size(SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) local: u32) {
  let parts = clamp((parameters.count + SHARE - 1) / SHARE, 1u, MAX_PARTIALS);
  let share = (parameters.count + parts - 1) / parts;
  let start = group.x * share;
  let end = min(start + share, parameters.count);
  var sum = 0.0;
  var bad = 0u;
  for (var i = start + local; i < end; i += SIZE) {
    let bits = values[i];
    if ((bits & 0x7fffffffu) >= LARGEST_BITS) {
      bad = 1;
    } else {
      let value = bitcast<f32>(bits);
      sum += value * value;
    }
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
    partials[parameters.offset + group.x] = select(sums[0], -1.0, unsound[0] == 1);
  }
}
