/**
 * How frames reach the policy. A frame source draws rooms into a device tensor of packed pixels; on WebGPU that is a
 * copy from the render target to a buffer of the same device, and no pixel comes back to the processor.
 */
import type { Backend, DeviceTensor } from '../backends/backend';
import { packedWords, packFrames } from '../kernels/pack-frames';
import { pixelsToPatches } from '../kernels/pixels-to-patches';
import { type BatchShape, slotCount } from '../policy/inputs';
import type { Architecture } from '../policy/parameters';
import { type PromptBatch, writeFrameMask } from '../policy/prompts';
import type { RoomMesh } from '../scenes/room-mesh';
import type { Camera } from '../scenes/scene';
import { renderSoftware } from '../rendering/software';
import type { Picture } from './report';

/** A room as seen: what is drawn. */
export interface View {
  readonly mesh: RoomMesh;
  readonly camera: Camera;
}

/** What a frame shows: a view that is to be drawn, a picture of the frame's size that is there already, or black. */
export type FrameContent = View | Picture | null;

export interface FrameSource {
  /** How frames are made, for people. */
  readonly description: string;
  /** Pixels between the starts of two rows in the frames tensor. */
  readonly rowStride: number;
  /** Draws one frame after the other into `frames`, uint32 [count, height, rowStride], R in the low byte. */
  draw(contents: readonly FrameContent[], frames: DeviceTensor): Promise<void>;
}

/** Frames by the software rasterizer, for backends without a GPU. */
export function softwareFrames(backend: Backend, size: number): FrameSource {
  return {
    description: 'software rasterizer',
    rowStride: size,
    draw: async (contents, frames) => {
      const packed = new Uint8Array(contents.length * size * size * 4);
      contents.forEach((content, index) => {
        if (content === null) return;
        const rgba = 'rgba' in content ? content.rgba : renderSoftware(content.mesh, content.camera).color;
        packed.set(rgba, index * size * size * 4);
      });
      backend.write(frames, new Uint32Array(packed.buffer));
    },
  };
}

/** Frame slots that a question takes: one for each of its frames; without any, one for a black one. */
export function slotsNeeded(frames: { readonly length: number }): number {
  return Math.max(1, frames.length);
}

/** The frames of a batch: drawn, cut into patches, and shown. */
export class FrameBatch {
  private readonly backend: Backend;
  private readonly source: FrameSource;
  private readonly size: number;
  private readonly patch: number;
  /** Of all prompts. */
  private readonly count: number;
  private readonly perPrompt: number;
  private readonly pixels: DeviceTensor;

  constructor(backend: Backend, source: FrameSource, a: Architecture, shape: BatchShape) {
    this.backend = backend;
    this.source = source;
    this.size = a.frame_size;
    this.patch = a.patch_size;
    this.perPrompt = slotCount(a, shape);
    this.count = shape.prompts * this.perPrompt;
    this.pixels = backend.allocate('frames', 'uint32', [this.count, a.frame_size, source.rowStride]);
  }

  /**
   * Shows each prompt its frames, in order, and in place of none a black one: draws them and writes their patches.
   * @throws RangeError naming the first prompt with more frames than there is room for.
   */
  async show(
    seen: readonly (readonly FrameContent[])[],
    prompts: Pick<PromptBatch, 'patches' | 'frame_mask'>,
  ): Promise<void> {
    writeFrameMask(this.backend, prompts, seen.map(slotsNeeded));
    const black = (count: number) => Array<null>(this.perPrompt - count).fill(null);
    await this.source.draw(
      seen.flatMap((frames) => [...frames, ...black(frames.length)]),
      this.pixels,
    );
    this.backend.dispatch(
      pixelsToPatches,
      { pixels: this.pixels, patches: prompts.patches },
      {
        frames: this.count,
        height: this.size,
        width: this.size,
        row_stride: this.source.rowStride,
        patch: this.patch,
      },
    );
  }

  /** Bytes that reading back a frame takes. */
  get bytesPerFrame(): number {
    return 3 * this.size ** 2;
  }

  /**
   * Frames as the policy saw them, read back.
   * @param chosen for each of the first prompts the indices of its frames, in order.
   */
  async pictures(chosen: readonly (readonly number[])[]): Promise<Picture[][]> {
    const { backend, size, bytesPerFrame } = this;
    const places = chosen.flatMap((frames, prompt) => frames.map((frame) => prompt * this.perPrompt + frame));
    if (places.length === 0) return chosen.map(() => []);
    const indices = backend.allocate('chosen frames', 'uint32', [places.length], Uint32Array.from(places));
    const packed = backend.allocate('packed frames', 'uint32', [packedWords(places.length, size, size)]);
    const row_stride = this.source.rowStride;
    backend.dispatch(
      packFrames,
      { pixels: this.pixels, chosen: indices, packed },
      { count: places.length, height: size, width: size, row_stride },
    );
    const words = await backend.read(packed);
    for (const tensor of [indices, packed]) backend.free(tensor);
    const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    let read = 0;
    return chosen.map((frames) =>
      frames.map(() => {
        const rgba = new Uint8Array(size * size * 4);
        for (let pixel = 0; pixel < size * size; pixel++) {
          const start = read + 3 * pixel;
          rgba.set([bytes[start], bytes[start + 1], bytes[start + 2], 255], 4 * pixel);
        }
        read += bytesPerFrame;
        return { width: size, height: size, rgba };
      }),
    );
  }
}

/**
 * Which of a video's `count` frames are shown where `places` are: all that fit, or as many spread evenly over time, in
 * order; in one place the middle one.
 */
export function framesShown(count: number, places: number): number[] {
  const shown = Math.min(count, places);
  return Array.from({ length: shown }, (_, place) => Math.ceil(((place + 0.5) * count) / shown) - 1);
}
