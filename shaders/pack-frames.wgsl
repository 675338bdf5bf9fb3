// Chosen frames as bare RGB bytes; one invocation a word, of four bytes.
// Definition: src/kernels/pack-frames.ts.

struct Parameters {
  count: u32,
  height: u32,
  width: u32,
  row_stride: u32,
}

@group(0) @binding(0) var<uniform> parameters: Parameters;
@group(0) @binding(1) var<storage, read> pixels: array<u32>;
@group(0) @binding(2) var<storage, read> chosen: array<u32>;
@group(0) @binding(3) var<storage, read_write> packed: array<u32>;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let index = (group.y * groups.x + group.x) * 64 + local;
  let bytes_a_frame = parameters.height * parameters.width * 3;
  let bytes = parameters.count * bytes_a_frame;
  if (index * 4 >= bytes) {
    return;
  }
  var word = 0u;
  for (var place = 0u; place < 4; place++) {
    let byte = index * 4 + place;
    if (byte >= bytes) {
      break;
    }
    let pixel = byte % bytes_a_frame / 3;
    let row = chosen[byte / bytes_a_frame] * parameters.height + pixel / parameters.width;
    let value = pixels[row * parameters.row_stride + pixel % parameters.width] >> (8 * (byte % 3));
    word |= (value & 0xff) << (8 * place);
  }
  packed[index] = word;
}
