/** The page's view on both backends: the training frames' surfaces, channels, boxes, highlight and picking. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orbitPose } from '../../src/rendering/orbit';
import { renderNormals, renderSoftware } from '../../src/rendering/software';
import { canPresent, RoomView } from '../../src/rendering/view';
import type { Camera } from '../../src/scenes/scene';
import { SAMPLE_ROOM } from './fixtures';

const [WIDTH, HEIGHT, FIELD_OF_VIEW] = [96, 64, 0.9];
const POSE = orbitPose([0, 0, 0.8], -2.3, 0.6, 7);
const FOCAL = HEIGHT / 2 / Math.tan(FIELD_OF_VIEW / 2);
const CAMERA: Camera = {
  width: WIDTH,
  height: HEIGHT,
  K: [FOCAL, 0, WIDTH / 2, 0, FOCAL, HEIGHT / 2, 0, 0, 1],
  cameraToWorld: POSE,
};
/** The cube on the table, a box of its own. */
const CUBE = {
  id: 2,
  box: {
    centroid: [-0.3, 0.2, 0.9],
    axesLengths: [0.25, 0.25, 0.25],
    axes: [Math.cos(0.8), Math.sin(0.8), 0, -Math.sin(0.8), Math.cos(0.8), 0, 0, 0, 1],
  },
} as const;

let device: GPUDevice;

beforeAll(async () => {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error('this test needs a WebGPU adapter');
  device = await adapter.requestDevice();
});

afterAll(() => device.destroy());

describe.each(['webgpu', 'webgl'] as const)('RoomView on %s', (backend) => {
  let view: RoomView;
  beforeAll(async () => {
    view = await RoomView.create(new OffscreenCanvas(WIDTH, HEIGHT), backend === 'webgpu' ? device : null);
    view.setRoom(SAMPLE_ROOM, [CUBE]);
    view.setCamera(POSE, FIELD_OF_VIEW);
  });
  afterAll(() => view.dispose());

  it('shows the colours of the training frames, and nothing where nothing is', async () => {
    const frame = renderSoftware(SAMPLE_ROOM, CAMERA);
    const { data } = await view.snapshot();
    let [compared, different] = [0, 0];
    for (let pixel = WIDTH + 1; pixel < frame.instances.length - WIDTH - 1; pixel++) {
      // Smoothing blends silhouettes, and the corners of the shell, where depth bends; skip what is not smooth.
      const around = [-WIDTH - 1, -WIDTH, -WIDTH + 1, -1, 0, 1, WIDTH - 1, WIDTH, WIDTH + 1].map((d) => pixel + d);
      const near = (a: number) =>
        [0, 1, 2].every((c) => Math.abs(frame.color[4 * a + c] - frame.color[4 * pixel + c]) < 12) &&
        frame.instances[a] === frame.instances[pixel] &&
        Number.isFinite(frame.depth[a]) === Number.isFinite(frame.depth[pixel]);
      if (!around.every(near)) continue;
      compared++;
      const hit = Number.isFinite(frame.depth[pixel]);
      expect(data[4 * pixel + 3]).toBe(hit ? 255 : 0);
      const gap = Math.max(...[0, 1, 2].map((c) => Math.abs(data[4 * pixel + c] - frame.color[4 * pixel + c])));
      if (hit && gap > 4) different++;
    }
    expect(compared).toBeGreaterThan(0.5 * WIDTH * HEIGHT);
    expect(different).toBeLessThanOrEqual(compared / 200);
  });

  it('shows normals as colours: red, green and blue for x, y and z', async () => {
    const { instances, normals } = renderNormals(SAMPLE_ROOM, CAMERA);
    view.setChannel('normals');
    const { data } = await view.snapshot();
    view.setChannel('color');
    let [compared, different] = [0, 0];
    for (let pixel = WIDTH + 1; pixel < instances.length - WIDTH - 1; pixel++) {
      const alike = (a: number) =>
        instances[a] === instances[pixel] && [0, 1, 2].every((c) => normals[3 * a + c] === normals[3 * pixel + c]);
      const around = [-WIDTH - 1, -WIDTH, -WIDTH + 1, -1, 1, WIDTH - 1, WIDTH, WIDTH + 1].map((d) => pixel + d);
      if (data[4 * pixel + 3] !== 255 || !around.every(alike)) continue;
      compared++;
      const expected = [0, 1, 2].map((c) => 127.5 * (1 + normals[3 * pixel + c]));
      if (expected.some((value, c) => Math.abs(data[4 * pixel + c] - value) > 2)) different++;
    }
    expect(compared).toBeGreaterThan(0.25 * WIDTH * HEIGHT);
    expect(different).toBeLessThanOrEqual(compared / 200);
  });

  it('shows depth by the ramp of the page, from the nearest to the farthest metre that it tells', async () => {
    const { depth, instances } = renderSoftware(SAMPLE_ROOM, CAMERA);
    view.setChannel('depth');
    const { data } = await view.snapshot();
    view.setChannel('color');
    const [nearest, farthest] = view.depthRange;
    expect(farthest).toBeGreaterThan(nearest);
    const paint = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })!;
    let compared = 0;
    for (let pixel = WIDTH + 1; pixel < depth.length - WIDTH - 1; pixel += 13) {
      const around = [-WIDTH - 1, -WIDTH, -WIDTH + 1, -1, 0, 1, WIDTH - 1, WIDTH, WIDTH + 1].map((d) => pixel + d);
      if (!around.every((a) => instances[a] === instances[pixel] && Math.abs(depth[a] - depth[pixel]) < 0.3)) continue;
      compared++;
      const t = (depth[pixel] - nearest) / (farthest - nearest);
      expect(t).toBeGreaterThanOrEqual(0);
      expect(t).toBeLessThanOrEqual(1);
      // What .depth-ramp of the page's style sheet goes through.
      const [lightness, chroma, hue] = [0.95 - 0.73 * t, 0.09 + 0.03 * t, 1.8 + 3.4 * t];
      paint.fillStyle = `oklch(${lightness} ${chroma} ${hue}rad)`;
      paint.fillRect(0, 0, 1, 1);
      const shown = paint.getImageData(0, 0, 1, 1).data;
      for (const c of [0, 1, 2]) expect(Math.abs(data[4 * pixel + c] - shown[c])).toBeLessThan(8);
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('picks the object under a pixel', () => {
    const { instances } = renderSoftware(SAMPLE_ROOM, CAMERA);
    for (let pixel = 0; pixel < instances.length; pixel += 7) {
      expect(view.pick(pixel % WIDTH, Math.floor(pixel / WIDTH))).toBe(instances[pixel]);
    }
    expect(instances).toContain(CUBE.id);
  });

  it('shows another picture for each channel, and marks the highlighted object alone', async () => {
    const { instances } = renderSoftware(SAMPLE_ROOM, CAMERA);
    const pictures = new Set<string>();
    for (const channel of ['color', 'depth', 'distance', 'normals', 'instances', 'boxes'] as const) {
      view.setChannel(channel);
      pictures.add(String((await view.snapshot()).data));
    }
    expect(pictures.size).toBe(6);

    view.setChannel('color');
    const plain = (await view.snapshot()).data;
    view.highlight(CUBE.id);
    const marked = (await view.snapshot()).data;
    view.highlight(null);
    expect((await view.snapshot()).data).toEqual(plain);
    const changed = [...instances.keys()].filter((pixel) =>
      [0, 1, 2].some((c) => plain[4 * pixel + c] !== marked[4 * pixel + c]),
    );
    const own = [...instances.keys()].filter((pixel) => instances[pixel] === CUBE.id);
    expect(own.every((pixel) => changed.includes(pixel))).toBe(true);
    // Its pixels, their smoothed rim and the lines of its box, which stay within a few pixels of it.
    const [x, y] = [own.map((pixel) => pixel % WIDTH), own.map((pixel) => Math.floor(pixel / WIDTH))];
    for (const pixel of changed) {
      expect(pixel % WIDTH).toBeGreaterThanOrEqual(Math.min(...x) - 4);
      expect(pixel % WIDTH).toBeLessThanOrEqual(Math.max(...x) + 4);
      expect(Math.floor(pixel / WIDTH)).toBeGreaterThanOrEqual(Math.min(...y) - 4);
      expect(Math.floor(pixel / WIDTH)).toBeLessThanOrEqual(Math.max(...y) + 4);
    }
  });

  it('follows a new size', async () => {
    view.resize(48, 32);
    const { width, height, data } = await view.snapshot();
    expect([width, height, data.length]).toEqual([48, 32, 4 * 48 * 32]);
    view.resize(WIDTH, HEIGHT);
  });
});

it('keeps canvases from the software adapter, which cannot present them', () => {
  const named = (architecture: string, isFallbackAdapter: boolean) =>
    canPresent({ adapterInfo: { architecture, isFallbackAdapter } } as GPUDevice);
  expect(named('swiftshader', true)).toBe(false);
  expect(named('', true)).toBe(false);
  expect(named('ampere', false)).toBe(true);
});
