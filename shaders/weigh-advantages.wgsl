// Advantages over the batch's spread, times their samples' weights; one workgroup.
// Definition: src/kernels/weigh-advantages.ts.

struct Parameters {
  groups: u32,
  group_size: u32,
  batch: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> rewards: array<f32>;
@group(0) @binding(2) var<storage, read> sample_weights: array<f32>;
@group(0) @binding(3) var<storage, read_write> advantages: array<f32>;

const SIZE = 256u;

var<workgroup> partial: array<f32, SIZE>;

// Sum of `value` over the workgroup's invocations, by a tree.
fn sum_over_all(local: u32, value: f32) -> f32 {
  workgroupBarrier();
  partial[local] = value;
  workgroupBarrier();
  for (var width = SIZE / 2; width > 0; width /= 2) {
    if (local < width) {
      partial[local] += partial[local + width];
    }
    workgroupBarrier();
  }
  return workgroupUniformLoad(&partial[0]);
}

@compute @workgroup_size(SIZE)
fn main(@builtin(local_invocation_index) local: u32) {
  let count = parameters.groups * parameters.group_size;
  var divisor = 1.0;
  if (parameters.batch == 1) {
    // Sums are of differences from the first reward, which keeps their rounding small beside the spread.
    let first = rewards[0];
    var sum = 0.0;
    for (var i = local; i < count; i += SIZE) {
      sum += rewards[i] - first;
    }
    let mean = first + sum_over_all(local, sum) / f32(count);
    var squares = 0.0;
    for (var i = local; i < count; i += SIZE) {
      let difference = rewards[i] - mean;
      squares += difference * difference;
    }
    divisor = sqrt(sum_over_all(local, squares) / f32(max(count, 2) - 1)) + 1e-4;
  }
  for (var i = local; i < count; i += SIZE) {
    advantages[i] *= sample_weights[i / parameters.group_size] / divisor;
  }
}
