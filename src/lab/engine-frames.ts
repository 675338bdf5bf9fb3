/**
 * Frames for training on the shared GPUDevice: three renders into a target, the target is copied into a storage buffer,
 * and no pixel leaves the device.
 */
import type { WebGpuBackend } from '../backends/webgpu';
import { rowStride, RenderEngine } from '../rendering/engine';
import type { Picture } from '../training/report';
import type { FrameSource } from '../training/frames';

export async function engineFrames(backend: WebGpuBackend, size: number): Promise<FrameSource> {
  const engine = await RenderEngine.create(backend.device);
  const bytesPerRow = rowStride(size);
  return {
    description: 'three.js on the shared GPUDevice',
    rowStride: bytesPerRow / 4,
    draw: async (contents, frames) => {
      const buffer = backend.gpuBufferOf(frames);
      const bytesPerFrame = size * bytesPerRow;
      // The buffer still holds the frames of the step before.
      const encoder = backend.device.createCommandEncoder({ label: 'blank frames' });
      contents.forEach((content, index) => {
        const offset = index * bytesPerFrame;
        if (content === null) encoder.clearBuffer(buffer, offset, bytesPerFrame);
        else if ('rgba' in content) backend.device.queue.writeBuffer(buffer, offset, padded(content, bytesPerRow));
        else engine.renderInto(content.mesh, content.camera, buffer, offset);
      });
      backend.device.queue.submit([encoder.finish()]);
    },
  };
}

/** A picture's rows, each filled up to `bytesPerRow`. */
function padded({ width, height, rgba }: Picture, bytesPerRow: number): Uint8Array<ArrayBuffer> {
  const rows = new Uint8Array(height * bytesPerRow);
  for (let row = 0; row < height; row++) {
    rows.set(rgba.subarray(row * width * 4, (row + 1) * width * 4), row * bytesPerRow);
  }
  return rows;
}
