// Statistics of the values that a mask lets through; one workgroup. Definition: src/kernels/masked-statistics.ts.

struct Parameters {
  count: u32,
  slot: u32,
  masked: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> mask: array<f32>;
@group(0) @binding(3) var<storage, read_write> metrics: array<f32>;

const SIZE = 256u;
const LARGEST = 3.4028234e38;

var<workgroup> counts: array<u32, SIZE>;
var<workgroup> sums: array<f32, SIZE>;
var<workgroup> lows: array<f32, SIZE>;
var<workgroup> highs: array<f32, SIZE>;

fn included(i: u32) -> bool {
  return parameters.masked == 0 || mask[i] != 0;
}

@compute @workgroup_size(SIZE)
fn main(@builtin(local_invocation_index) local: u32) {
  var count = 0u;
  var sum = 0.0;
  var low = LARGEST;
  var high = -LARGEST;
  for (var i = local; i < parameters.count; i += SIZE) {
    if (included(i)) {
      count++;
      sum += values[i];
      low = min(low, values[i]);
      high = max(high, values[i]);
    }
  }
  counts[local] = count;
  sums[local] = sum;
  lows[local] = low;
  highs[local] = high;
  workgroupBarrier();
  for (var width = SIZE / 2; width > 0; width /= 2) {
    if (local < width) {
      counts[local] += counts[local + width];
      sums[local] += sums[local + width];
      lows[local] = min(lows[local], lows[local + width]);
      highs[local] = max(highs[local], highs[local + width]);
    }
    workgroupBarrier();
  }
  let n = workgroupUniformLoad(&counts[0]);
  let total = workgroupUniformLoad(&sums[0]);
  let mean = total / f32(max(n, 1));

  // Squares about the mean, in a pass of their own: sum(x^2) - n mean^2 would cancel.
  var squares = 0.0;
  for (var i = local; i < parameters.count; i += SIZE) {
    if (included(i)) {
      squares += (values[i] - mean) * (values[i] - mean);
    }
  }
  sums[local] = squares;
  workgroupBarrier();
  for (var width = SIZE / 2; width > 0; width /= 2) {
    if (local < width) {
      sums[local] += sums[local + width];
    }
    workgroupBarrier();
  }
  if (local == 0) {
    let start = 6 * parameters.slot;
    let some = n > 0;
    metrics[start] = f32(n);
    metrics[start + 1] = total;
    metrics[start + 2] = mean;
    metrics[start + 3] = select(0.0, lows[0], some);
    metrics[start + 4] = select(0.0, highs[0], some);
    metrics[start + 5] = sqrt(sums[0] / f32(max(n, 2) - 1));
  }
}
