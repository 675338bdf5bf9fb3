/** The smallest GLB file that is an object: a box of the given sides in glTF's axes (y up), by the letter of glTF 2.0. */
export function boxGlb(width: number, height: number, depth: number): Uint8Array<ArrayBuffer> {
  const positions = Float32Array.from(
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((k) => [k & 1 ? width : 0, k & 2 ? height : 0, k & 4 ? depth : 0]),
  );
  // prettier-ignore
  const faces = Uint16Array.from([
    0, 4, 6, 0, 6, 2,  1, 3, 7, 1, 7, 5,  0, 1, 5, 0, 5, 4,  2, 6, 7, 2, 7, 3,  0, 2, 3, 0, 3, 1,  4, 5, 7, 4, 7, 6,
  ]);
  const json = JSON.stringify({
    asset: { version: '2.0' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1 }] }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 8, type: 'VEC3', min: [0, 0, 0], max: [width, height, depth] },
      { bufferView: 1, componentType: 5123, count: faces.length, type: 'SCALAR' },
    ],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: positions.byteLength },
      { buffer: 0, byteOffset: positions.byteLength, byteLength: faces.byteLength },
    ],
    buffers: [{ byteLength: positions.byteLength + faces.byteLength }],
  });
  const text = new TextEncoder().encode(json.padEnd(4 * Math.ceil(json.length / 4)));
  const binary = new Uint8Array(positions.byteLength + faces.byteLength);
  binary.set(new Uint8Array(positions.buffer));
  binary.set(new Uint8Array(faces.buffer), positions.byteLength);
  const bytes = new Uint8Array(28 + text.length + binary.length);
  const view = new DataView(bytes.buffer);
  [0x46546c67, 2, bytes.length, text.length, 0x4e4f534a].forEach((word, k) => view.setUint32(4 * k, word, true));
  bytes.set(text, 20);
  view.setUint32(20 + text.length, binary.length, true);
  view.setUint32(24 + text.length, 0x004e4942, true);
  bytes.set(binary, 28 + text.length);
  return bytes;
}
