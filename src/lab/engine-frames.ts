/**
 * Frames for training on the shared GPUDevice: three renders into a target, the target is copied into a storage buffer,
 * and no pixel leaves the device.
 */
import type { WebGpuBackend } from '../backends/webgpu';
import { rowStride, RenderEngine } from '../rendering/engine';
import type { FrameSource } from '../training/frames';

export async function engineFrames(backend: WebGpuBackend, size: number): Promise<FrameSource> {
  const engine = await RenderEngine.create(backend.device);
  const bytesPerRow = rowStride(size);
  return {
    description: 'three.js on the shared GPUDevice',
    rowStride: bytesPerRow / 4,
    draw: async (views, frames) => {
      const buffer = backend.gpuBufferOf(frames);
      const bytesPerFrame = size * bytesPerRow;
      // The buffer still holds the frames of the step before.
      const encoder = backend.device.createCommandEncoder({ label: 'blank frames' });
      views.forEach((view, index) => {
        if (view === null) encoder.clearBuffer(buffer, index * bytesPerFrame, bytesPerFrame);
        else engine.renderInto(view.mesh, view.camera, buffer, index * bytesPerFrame);
      });
      backend.device.queue.submit([encoder.finish()]);
    },
  };
}
