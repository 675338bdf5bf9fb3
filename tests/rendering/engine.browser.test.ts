/** The GPU pass against its CPU reference, and what training relies on: one pass, raw copies, flat memory. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RenderEngine, rowStride } from '../../src/rendering/engine';
import type { Frame } from '../../src/rendering/frame';
import { renderNormals, renderSoftware } from '../../src/rendering/software';
import { synthesizeRoom } from '../../src/scenes/room';
import { roomMesh } from '../../src/scenes/room-mesh';
import { blockRoom, lookAt, SAMPLE_ROOM } from './fixtures';
import { compareWithRays } from './rays';

const FURNISHED = roomMesh(synthesizeRoom(1).room);
const CAMERAS = [
  lookAt([-2.2, -1.7, 1.5], [0.5, 0.5, 0.8], 64, 64),
  lookAt([0.1, -1.2, 1.2], [-0.2, 0.3, 0.7], 64, 64, 1.5),
  lookAt([2.2, -1.8, 2.2], [0, 0, 0.5], 96, 48),
  lookAt([-4.2, -5, 5.5], [0, 0, 0.8], 64, 64, 0.9),
];

let device: GPUDevice;
let engine: RenderEngine;

beforeAll(async () => {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('this test needs a WebGPU adapter');
  device = await adapter.requestDevice();
  engine = await RenderEngine.create(device);
});

afterAll(async () => {
  await engine.dispose();
  device.destroy();
});

/**
 * Pixels away from silhouettes: the 3x3 neighbourhood shows one instance and one smooth surface. On a plane the inverse
 * of the depth is affine in the pixel, so that its second differences vanish.
 */
function isInterior({ width, height, instances, depth }: Frame, pixel: number): boolean {
  const [x, y] = [pixel % width, Math.floor(pixel / width)];
  if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return false;
  return [1, width - 1, width, width + 1].every(
    (step) =>
      instances[pixel - step] === instances[pixel] &&
      instances[pixel + step] === instances[pixel] &&
      Math.abs(depth[pixel] / depth[pixel - step] + depth[pixel] / depth[pixel + step] - 2) < 1e-3,
  );
}

describe('RenderEngine', () => {
  it.each([
    ...CAMERAS.map((camera, index) => [`camera ${index}`, SAMPLE_ROOM, camera] as const),
    ['a furnished room', FURNISHED, lookAt([-1.2, -0.9, 1.6], [1, 1, 0.6], 96, 72, 1.4)] as const,
  ])('agrees with the software renderer, %s', async (_, mesh, camera) => {
    const reference = renderSoftware(mesh, camera);
    const frame = await engine.readFrame(mesh, camera);
    let [interior, pinholes, depthErrors, idErrors, colorErrors, idAny] = [0, 0, 0, 0, 0, 0];
    for (let pixel = 0; pixel < camera.width * camera.height; pixel++) {
      if (frame.instances[pixel] !== reference.instances[pixel]) idAny++;
      if (!isInterior(reference, pixel)) continue;
      interior++;
      // Where a corner lies on another triangle's edge, an adapter that snaps vertices to a coarse grid may miss both;
      // under the boards lies a floor, so that the colour is a little off there, and nothing else.
      if (frame.depth[pixel] === Infinity) {
        if (reference.depth[pixel] !== Infinity) pinholes++;
        continue;
      }
      const z = reference.depth[pixel];
      if (Math.abs(frame.depth[pixel] - z) > Math.max(1e-3, 1e-3 * z)) depthErrors++;
      if (frame.instances[pixel] !== reference.instances[pixel]) idErrors++;
      const difference = Math.max(
        ...[0, 1, 2].map((c) => Math.abs(frame.color[4 * pixel + c] - reference.color[4 * pixel + c])),
      );
      if (difference > 3) colorErrors++;
    }
    expect(interior).toBeGreaterThan(0.3 * camera.width * camera.height);
    expect(pinholes).toBe(0);
    expect(depthErrors).toBe(0);
    expect(idErrors).toBe(0);
    expect(colorErrors).toBeLessThanOrEqual(mesh === FURNISHED ? interior / 400 : 0);
    expect(idAny).toBeLessThan(0.01 * camera.width * camera.height);
    expect(frame.color.filter((_, index) => index % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
  });

  it('draws all channels in one pass: where the id changes between table and floor, depth and colour do too', async () => {
    const camera = CAMERAS[1];
    const frame = await engine.readFrame(SAMPLE_ROOM, camera);
    let edges = 0;
    for (let pixel = 0; pixel < frame.instances.length - 1; pixel++) {
      if (pixel % camera.width === camera.width - 1) continue;
      const ids = [frame.instances[pixel], frame.instances[pixel + 1]].sort();
      if (ids[0] !== 0 || ids[1] !== 1) continue; // The slab floats: its outline is a jump in depth.
      edges++;
      expect(Math.abs(frame.depth[pixel] - frame.depth[pixel + 1])).toBeGreaterThan(0.05);
      const jump = [0, 1, 2].map((c) => Math.abs(frame.color[4 * pixel + c] - frame.color[4 * pixel + 4 + c]));
      expect(Math.max(...jump)).toBeGreaterThan(8);
    }
    expect(edges).toBeGreaterThan(8);
  });

  it('adds normals to the same pass, within the bytes that every device has for its targets', async () => {
    const camera = CAMERAS[2];
    expect(device.limits.maxColorAttachmentBytesPerSample).toBe(32);
    for (const mesh of [SAMPLE_ROOM, FURNISHED]) {
      device.pushErrorScope('validation');
      const { normals, ...frame } = await engine.readNormals(mesh, camera);
      expect(await device.popErrorScope()).toBeNull();
      expect(frame).toEqual(await engine.readFrame(mesh, camera));
      const reference = renderNormals(mesh, camera);
      let [compared, different] = [0, 0];
      for (let pixel = 0; pixel < frame.depth.length; pixel++) {
        if (!isInterior(reference, pixel)) continue;
        compared++;
        const gap = [0, 1, 2].map((axis) => normals[3 * pixel + axis] - reference.normals[3 * pixel + axis]);
        if (Math.hypot(...gap) > 0.01) different++;
      }
      expect(compared).toBeGreaterThan(0.3 * camera.width * camera.height);
      expect(different).toBeLessThanOrEqual(mesh === FURNISHED ? compared / 200 : 0);
    }
  });

  // Some adapters move corners by up to 1/32 pixel: what shifts at silhouettes is less of a larger frame.
  it.each([
    ['boxes', SAMPLE_ROOM, lookAt([-2.2, -1.7, 1.5], [0.5, 0.5, 0.8], 256, 192)] as const,
    ['a furnished room', FURNISHED, lookAt([-1.2, -0.9, 1.6], [1, 1, 0.6], 256, 192, 1.4)] as const,
  ])('meets the surfaces that exact rays meet, but at silhouettes: %s', async (name, mesh, camera) => {
    const { agreeing, silhouettes, count } = compareWithRays(await engine.readFrame(mesh, camera), mesh, camera, name);
    expect(agreeing + silhouettes).toBe(count);
    expect(agreeing / count).toBeGreaterThanOrEqual(0.999);
  });

  it('draws the same frame in a worker', async () => {
    const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module' });
    const frame = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    worker.terminate();
    expect(frame).toEqual(await engine.readFrame(SAMPLE_ROOM, CAMERAS[0]));
  });

  it('copies the same bytes into a buffer that it reads back', async () => {
    const camera = CAMERAS[2];
    const { color } = await engine.readFrame(SAMPLE_ROOM, camera);
    const stride = rowStride(camera.width);
    expect(stride).toBe(512);
    const offset = 1024;
    const size = offset + stride * camera.height;
    const buffer = device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
    engine.renderInto(SAMPLE_ROOM, camera, buffer, offset);
    await buffer.mapAsync(GPUMapMode.READ);
    const bytes = new Uint8Array(buffer.getMappedRange());
    expect(bytes.subarray(0, offset).every((byte) => byte === 0)).toBe(true);
    for (let row = 0; row < camera.height; row++) {
      const copied = bytes.subarray(offset + row * stride, offset + row * stride + 4 * camera.width);
      expect([...copied]).toEqual([...color.subarray(4 * camera.width * row, 4 * camera.width * (row + 1))]);
    }
    buffer.destroy();
  });

  it('refuses a buffer that is too small', () => {
    const buffer = device.createBuffer({ size: 256 * 63, usage: GPUBufferUsage.COPY_DST });
    expect(() => engine.renderInto(SAMPLE_ROOM, CAMERAS[0], buffer, 0)).toThrow(/do not fit a buffer of 16128/);
    buffer.destroy();
  });

  it('holds as much memory after 50 rooms as after one', async () => {
    const live = new Set<GPUBuffer>();
    const createBuffer = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer(descriptor);
      const destroy = buffer.destroy.bind(buffer);
      live.add(buffer);
      buffer.destroy = () => {
        live.delete(buffer);
        destroy();
      };
      return buffer;
    };
    const draw = (side: number) => engine.readFrame(blockRoom([side, 4, 2.5], []), CAMERAS[0]);
    try {
      for (let index = 0; index < 3; index++) await draw(3 + index / 50);
      const [before, buffers] = [engine.memory, live.size];
      for (let index = 0; index < 50; index++) await draw(4 + index / 50);
      expect(engine.memory).toEqual(before);
      expect(live.size).toBe(buffers);
    } finally {
      device.createBuffer = createBuffer;
    }
  });
});
