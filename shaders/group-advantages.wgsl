// Rewards against the mean and spread of their group. Definition: src/kernels/group-advantages.ts.
// Sums are of differences from the group's first reward, which keeps their rounding small beside the spread.

struct Parameters {
  groups: u32,
  group_size: u32,
  scale: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> rewards: array<f32>;
@group(0) @binding(2) var<storage, read_write> advantages: array<f32>;
@group(0) @binding(3) var<storage, read_write> statistics: array<f32>;

const GROUP = 1u;
const LEAVE_ONE_OUT = 2u;

// What divides reward - mean: 0 stands for a group without spread, whose advantages are 0.
fn divisor(has_spread: bool, deviation: f32) -> f32 {
  if (!has_spread) {
    return 0.0;
  }
  switch parameters.scale {
    case GROUP: { return deviation + 1e-4; }
    case LEAVE_ONE_OUT: { return f32(parameters.group_size - 1) / f32(parameters.group_size); }
    default: { return 1.0; }
  }
}

fn advantage(reward: f32, mean: f32, by: f32) -> f32 {
  if (by == 0) {
    return 0.0;
  }
  return (reward - mean) / by;
}

// One invocation a group.
@compute @workgroup_size(64)
fn small_groups(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let group = (group_id.y * groups.x + group_id.x) * 64 + local;
  if (group >= parameters.groups) {
    return;
  }
  let size = parameters.group_size;
  let start = group * size;
  let end = start + size;
  let first = rewards[start];
  var sum = 0.0;
  var has_spread = false;
  for (var i = start; i < end; i++) {
    sum += rewards[i] - first;
    has_spread = has_spread || rewards[i] != first;
  }
  let mean = first + sum / f32(size);
  var squares = 0.0;
  if (has_spread) {
    for (var i = start; i < end; i++) {
      let difference = rewards[i] - mean;
      squares += difference * difference;
    }
  }
  let deviation = sqrt(squares / f32(max(size, 2) - 1));
  let by = divisor(has_spread, deviation);
  for (var i = start; i < end; i++) {
    advantages[i] = advantage(rewards[i], mean, by);
  }
  statistics[2 * group] = mean;
  statistics[2 * group + 1] = deviation;
}

const SIZE = 256u;
var<workgroup> partial: array<f32, SIZE>;
var<workgroup> spread: array<u32, SIZE>;

// Sum of `partial` over the workgroup, by a tree; the same value for every invocation.
fn sum_partials(local: u32) -> f32 {
  workgroupBarrier();
  for (var width = SIZE / 2; width > 0; width /= 2) {
    if (local < width) {
      partial[local] += partial[local + width];
    }
    workgroupBarrier();
  }
  return workgroupUniformLoad(&partial[0]);
}

// One workgroup a group.
@compute @workgroup_size(SIZE)
fn large_groups(
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let group = group_id.y * groups.x + group_id.x;
  if (group >= parameters.groups) {
    return;
  }
  let size = parameters.group_size;
  let start = group * size;
  let end = start + size;
  let first = rewards[start];
  var sum = 0.0;
  var differs = 0u;
  for (var i = start + local; i < end; i += SIZE) {
    sum += rewards[i] - first;
    differs |= select(0u, 1u, rewards[i] != first);
  }
  partial[local] = sum;
  spread[local] = differs;
  let mean = first + sum_partials(local) / f32(size);
  for (var width = SIZE / 2; width > 0; width /= 2) {
    if (local < width) {
      spread[local] |= spread[local + width];
    }
    workgroupBarrier();
  }
  let has_spread = workgroupUniformLoad(&spread[0]) == 1;

  var squares = 0.0;
  for (var i = start + local; i < end; i += SIZE) {
    let difference = rewards[i] - mean;
    squares += difference * difference;
  }
  partial[local] = squares;
  let total = sum_partials(local);
  let deviation = select(0.0, sqrt(total / f32(max(size, 2) - 1)), has_spread);
  let by = divisor(has_spread, deviation);
  for (var i = start + local; i < end; i += SIZE) {
    advantages[i] = advantage(rewards[i], mean, by);
  }
  if (local == 0) {
    statistics[2 * group] = mean;
    statistics[2 * group + 1] = deviation;
  }
}
