// A weight for every token's loss; one workgroup, an invocation a row. Definition: src/kernels/token-weights.ts.

struct Parameters {
  rows: u32,
  max_completion: u32,
  loss_type: u32,
  mask_truncated: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> mask: array<f32>;
@group(0) @binding(2) var<storage, read> finished: array<u32>;
@group(0) @binding(3) var<storage, read_write> weights: array<f32>;

const GRPO = 0u;
const DAPO = 1u;
const SIZE = 256u;

var<workgroup> sums: array<f32, SIZE>;

// Tokens of a row that count; none of a row that is left out.
fn row_length(row: u32) -> f32 {
  if (parameters.mask_truncated == 1 && finished[row] == 0) {
    return 0.0;
  }
  var length = 0.0;
  for (var column = 0u; column < parameters.max_completion; column++) {
    length += mask[row * parameters.max_completion + column];
  }
  return length;
}

@compute @workgroup_size(SIZE)
fn main(@builtin(local_invocation_index) local: u32) {
  var sum = 0.0;
  for (var row = local; row < parameters.rows; row += SIZE) {
    sum += row_length(row);
  }
  sums[local] = sum;
  workgroupBarrier();
  for (var width = SIZE / 2; width > 0; width /= 2) {
    if (local < width) {
      sums[local] += sums[local + width];
    }
    workgroupBarrier();
  }
  let total = workgroupUniformLoad(&sums[0]);

  for (var row = local; row < parameters.rows; row += SIZE) {
    let length = row_length(row);
    var divisor = f32(parameters.rows) * f32(parameters.max_completion);
    if (parameters.loss_type == GRPO) {
      divisor = f32(parameters.rows) * length;
    } else if (parameters.loss_type == DAPO) {
      divisor = total;
    }
    let start = row * parameters.max_completion;
    for (var i = start; i < start + parameters.max_completion; i++) {
      if (length == 0) {
        weights[i] = 0;
      } else {
        weights[i] = mask[i] / divisor;
      }
    }
  }
}
