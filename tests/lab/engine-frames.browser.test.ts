/** Frames for training on the shared device: a null view is black, also where another frame was before. */
import { expect, test } from 'vitest';
import { createWebGpuBackend } from '../../src/backends/webgpu';
import { engineFrames } from '../../src/lab/engine-frames';
import { stream } from '../../src/random';
import { chooseCamera } from '../../src/scenes/camera';
import { synthesizeRoom } from '../../src/scenes/room';
import { roomMesh } from '../../src/scenes/room-mesh';

const SIZE = 16;

test('a null view clears its frame and no other', async () => {
  const backend = await createWebGpuBackend();
  const { room } = synthesizeRoom(1);
  const view = { mesh: roomMesh(room), camera: chooseCamera(room, stream(1, 'camera'), { width: SIZE, height: SIZE }) };
  const source = await engineFrames(backend, SIZE);
  const frames = backend.allocate('frames', 'uint32', [3, SIZE, source.rowStride]);
  const shown = async (views: Parameters<typeof source.draw>[0]) => {
    await source.draw(views, frames);
    const words = Array.from(await backend.read(frames));
    const length = SIZE * source.rowStride;
    return [0, 1, 2].map((frame) =>
      words.slice(frame * length, (frame + 1) * length).filter((_, at) => at % source.rowStride < SIZE),
    );
  };
  const full = await shown([view, view, view]);
  for (const frame of full) expect(frame.some((pixel) => (pixel & 0xffffff) !== 0)).toBe(true);
  const [first, second, third] = await shown([view, null, view]);
  expect([first, third]).toEqual([full[0], full[2]]);
  expect(second.every((pixel) => pixel === 0)).toBe(true);
  await backend.dispose();
});
