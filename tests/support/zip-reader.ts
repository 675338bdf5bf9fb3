/** Reads zip archives by the letter of PKWARE's APPNOTE 6.3: by the central directory, checking sizes and checksums. */

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC_TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The archive's files by path, in the order of its directory. Throws Error where the archive is not sound. */
export async function readZip(archive: Uint8Array<ArrayBuffer>): Promise<Map<string, Uint8Array>> {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = archive.length - 22;
  if (view.getUint32(end, true) !== 0x06054b50) throw new Error('no end of central directory record');
  const files = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  for (let k = 0; k < view.getUint16(end + 10, true); k++) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Error(`no directory header at ${at}`);
    const method = view.getUint16(at + 10, true);
    const [crc, packed, size] = [16, 20, 24].map((offset) => view.getUint32(at + offset, true));
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const local = view.getUint32(at + 42, true);
    const path = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameLength));
    if (view.getUint32(local, true) !== 0x04034b50) throw new Error(`${path}: no local header at ${local}`);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const data = archive.slice(start, start + packed);
    const content = method === 8 ? await inflated(data) : data;
    if (method !== 0 && method !== 8) throw new Error(`${path}: method ${method}`);
    if (content.length !== size || crc32(content) !== crc) throw new Error(`${path}: wrong size or checksum`);
    if (files.has(path)) throw new Error(`${path} is there twice`);
    files.set(path, content);
    at += 46 + nameLength + extra + comment;
  }
  return files;
}
