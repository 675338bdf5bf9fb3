// Several rewards, each normalized within its group, then added up; one workgroup, an invocation a group.
// Definition: src/kernels/normalize-then-sum.ts.

struct Parameters {
  groups: u32,
  group_size: u32,
  accuracy_weight: f32,
  exact_weight: f32,
  format_weight: f32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> accuracy: array<f32>;
@group(0) @binding(2) var<storage, read> exact: array<f32>;
@group(0) @binding(3) var<storage, read> format: array<f32>;
@group(0) @binding(4) var<storage, read_write> advantages: array<f32>;

const SIZE = 256u;
const OBJECTIVES = 3u;

var<workgroup> partial: array<f32, SIZE>;

fn reward(objective: u32, i: u32) -> f32 {
  switch objective {
    case 0u: { return accuracy[i]; }
    case 1u: { return exact[i]; }
    default: { return format[i]; }
  }
}

fn weight(objective: u32) -> f32 {
  switch objective {
    case 0u: { return parameters.accuracy_weight; }
    case 1u: { return parameters.exact_weight; }
    default: { return parameters.format_weight; }
  }
}

// Adds an objective's normalized rewards of the group that begins at `start` to the advantages. Sums are of differences
// from the first reward, which keeps their rounding small beside the spread.
fn add_normalized(objective: u32, start: u32) {
  let end = start + parameters.group_size;
  let first = reward(objective, start);
  var sum = 0.0;
  var has_spread = false;
  for (var i = start; i < end; i++) {
    sum += reward(objective, i) - first;
    has_spread = has_spread || reward(objective, i) != first;
  }
  if (!has_spread) {
    return;
  }
  let mean = first + sum / f32(parameters.group_size);
  var squares = 0.0;
  for (var i = start; i < end; i++) {
    let difference = reward(objective, i) - mean;
    squares += difference * difference;
  }
  let deviation = sqrt(squares / f32(parameters.group_size - 1));
  for (var i = start; i < end; i++) {
    advantages[i] += weight(objective) * (reward(objective, i) - mean) / (deviation + 1e-4);
  }
}

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

// An invocation reads and writes the advantages of its own groups alone.
@compute @workgroup_size(SIZE)
fn main(@builtin(local_invocation_index) local: u32) {
  let size = parameters.group_size;
  var sum = 0.0;
  for (var group = local; group < parameters.groups; group += SIZE) {
    for (var i = group * size; i < (group + 1) * size; i++) {
      advantages[i] = 0.0;
    }
    for (var objective = 0u; objective < OBJECTIVES; objective++) {
      add_normalized(objective, group * size);
    }
    for (var i = group * size; i < (group + 1) * size; i++) {
      sum += advantages[i];
    }
  }
  let count = parameters.groups * size;
  let mean = sum_over_all(local, sum) / f32(count);
  var squares = 0.0;
  for (var group = local; group < parameters.groups; group += SIZE) {
    for (var i = group * size; i < (group + 1) * size; i++) {
      let difference = advantages[i] - mean;
      squares += difference * difference;
    }
  }
  let deviation = sqrt(sum_over_all(local, squares) / f32(max(count, 2) - 1));
  for (var group = local; group < parameters.groups; group += SIZE) {
    for (var i = group * size; i < (group + 1) * size; i++) {
      advantages[i] = (advantages[i] - mean) / (deviation + 1e-4);
    }
  }
}
