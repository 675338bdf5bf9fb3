/**
 * How frames reach the policy. A frame source draws rooms into a device tensor of packed pixels; on WebGPU that is a
 * copy from the render target to a buffer of the same device, and no pixel comes back to the processor.
 */
import type { Backend, DeviceTensor } from '../backends/backend';
import { pixelsToPatches } from '../kernels/pixels-to-patches';
import type { Architecture } from '../policy/parameters';
import type { RoomMesh } from '../scenes/room-mesh';
import type { Camera } from '../scenes/scene';
import { renderSoftware } from '../rendering/software';
import type { Picture } from './report';

/** A room as seen: what is drawn. */
export interface View {
  readonly mesh: RoomMesh;
  readonly camera: Camera;
}

export interface FrameSource {
  /** How frames are made, for people. */
  readonly description: string;
  /** Pixels between the starts of two rows in the frames tensor. */
  readonly rowStride: number;
  /** Draws one view a frame into `frames`, uint32 [count, height, rowStride], R in the low byte; null for a black one. */
  draw(views: readonly (View | null)[], frames: DeviceTensor): Promise<void>;
}

/** Frames by the software rasterizer, for backends without a GPU. */
export function softwareFrames(backend: Backend, size: number): FrameSource {
  return {
    description: 'software rasterizer',
    rowStride: size,
    draw: async (views, frames) => {
      const packed = new Uint8Array(views.length * size * size * 4);
      views.forEach((view, index) => {
        if (view !== null) packed.set(renderSoftware(view.mesh, view.camera).color, index * size * size * 4);
      });
      backend.write(frames, new Uint32Array(packed.buffer));
    },
  };
}

/** The frames of a batch: drawn, cut into patches, and shown. */
export class FrameBatch {
  private readonly backend: Backend;
  private readonly source: FrameSource;
  private readonly size: number;
  private readonly patch: number;
  private readonly count: number;
  private readonly pixels: DeviceTensor;

  constructor(backend: Backend, source: FrameSource, a: Architecture, count: number) {
    this.backend = backend;
    this.source = source;
    this.size = a.frame_size;
    this.patch = a.patch_size;
    this.count = count;
    this.pixels = backend.allocate('frames', 'uint32', [count, a.frame_size, source.rowStride]);
  }

  /** Draws the views and writes their patches, float32 [count * patches, patch_size^2 * 3]. */
  async draw(views: readonly (View | null)[], patches: DeviceTensor): Promise<void> {
    await this.source.draw(views, this.pixels);
    this.backend.dispatch(
      pixelsToPatches,
      { pixels: this.pixels, patches },
      {
        frames: this.count,
        height: this.size,
        width: this.size,
        row_stride: this.source.rowStride,
        patch: this.patch,
      },
    );
  }

  /** Bytes that reading back one frame takes. */
  get bytesPerPicture(): number {
    return this.size * this.source.rowStride * 4;
  }

  /** The first frames as the policy saw them, read back. */
  async pictures(count: number): Promise<Picture[]> {
    if (count === 0) return [];
    const { size } = this;
    const { rowStride } = this.source;
    const packed = await this.backend.read(this.pixels, count * size * rowStride);
    const bytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
    return Array.from({ length: count }, (_, frame) => {
      const rgba = new Uint8Array(size * size * 4);
      for (let row = 0; row < size; row++) {
        const start = (frame * size + row) * rowStride * 4;
        rgba.set(bytes.subarray(start, start + size * 4), row * size * 4);
      }
      return { width: size, height: size, rgba };
    });
  }
}
