// Counts values whose exponent bits are all set: NaN and infinity. Definition: src/kernels/non-finite.ts.

struct Parameters {
  count: u32,
  slot: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
// As bits: WGSL may assume that floats are finite, and so lose the very values that are looked for.
@group(0) @binding(1) var<storage, read> values: array<u32>;
@group(0) @binding(2) var<storage, read_write> flags: array<atomic<u32>>;

const EXPONENT_BITS = 0x7f800000u;

@compute @workgroup_size(1)
fn reset() {
  atomicStore(&flags[2 * parameters.slot], 0u);
  atomicStore(&flags[2 * parameters.slot + 1], 0xffffffffu);
}

@compute @workgroup_size(64)
fn scan(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let i = (group.y * groups.x + group.x) * 64 + local;
  if (i < parameters.count && (values[i] & EXPONENT_BITS) == EXPONENT_BITS) {
    atomicAdd(&flags[2 * parameters.slot], 1u);
    atomicMin(&flags[2 * parameters.slot + 1], i);
  }
}
