/**
 * Frames of rooms on the GPU: colour, planar depth and instance ids in one multi-target pass of three's
 * WebGPURenderer, on the GPUDevice that the policy and the kernels use too. Training copies the pixels from the target
 * to a storage buffer without their leaving the device; tests and the page read all channels back.
 */
import { outputStruct } from 'three/tsl';
import {
  FloatType,
  LinearSRGBColorSpace,
  Mesh,
  NearestFilter,
  NodeMaterial,
  PerspectiveCamera,
  RedFormat,
  RedIntegerFormat,
  RenderTarget,
  RGBAFormat,
  UnsignedByteType,
  UnsignedIntType,
  WebGPURenderer,
} from 'three/webgpu';
import type { Texture } from 'three/webgpu';
import type { RoomMesh } from '../scenes/room-mesh';
import type { Camera } from '../scenes/scene';
import type { Frame } from './frame';
import { roomGeometry, RoomSurface } from './surface';

/** Bytes from one row of pixels to the next in a buffer that `renderInto` fills: 4 a pixel, padded to 256. */
export function rowStride(width: number): number {
  return Math.ceil((4 * width) / 256) * 256;
}

/** three keeps the WebGPU object of a texture in its backend, outside its types. */
interface TextureBackend {
  get(texture: Texture): { readonly texture?: GPUTexture };
}

/** Draws rooms into off-screen targets. Works in a worker as well as in a window. */
export class RenderEngine {
  private readonly device: GPUDevice;
  private readonly renderer: WebGPURenderer;
  private readonly surface = new RoomSurface();
  private readonly mesh: Mesh;
  /** three wants one; our matrices are in the surface's uniforms. */
  private readonly camera = new PerspectiveCamera();
  private readonly target: RenderTarget;
  private room: RoomMesh | null = null;

  /** An engine on `device`, which stays the caller's: `dispose` does not destroy it. */
  static async create(device: GPUDevice): Promise<RenderEngine> {
    const renderer = new WebGPURenderer({ device, canvas: new OffscreenCanvas(1, 1), antialias: false });
    await renderer.init();
    return new RenderEngine(device, renderer);
  }

  private constructor(device: GPUDevice, renderer: WebGPURenderer) {
    this.device = device;
    this.renderer = renderer;
    renderer.outputColorSpace = LinearSRGBColorSpace; // The shader encodes; the target stores bytes as they are.
    renderer.setClearColor(0x000000, 1);

    this.target = new RenderTarget(1, 1, { count: 3, minFilter: NearestFilter, magFilter: NearestFilter });
    const formats = [
      ['color', RGBAFormat, UnsignedByteType],
      ['distance', RedFormat, FloatType],
      ['instance', RedIntegerFormat, UnsignedIntType],
    ] as const;
    formats.forEach(([name, format, type], index) => {
      Object.assign(this.target.textures[index], { name, format, type, generateMipmaps: false });
    });

    const { vertex, color, depth, instance } = this.surface;
    const material = new NodeMaterial();
    material.vertexNode = vertex;
    material.fragmentNode = outputStruct(color, depth, instance);
    this.mesh = new Mesh(undefined, material);
    this.mesh.frustumCulled = false;
  }

  /** Draws `mesh` as `camera` sees it. The color target's pixels are valid until the next call. */
  renderFrame(mesh: RoomMesh, camera: Camera): GPUTexture {
    this.setRoom(mesh);
    this.target.setSize(camera.width, camera.height);
    this.surface.setCamera(camera, 'webgpu');
    this.renderer.setRenderTarget(this.target);
    this.renderer.render(this.mesh, this.camera);
    const backend = this.renderer.backend as unknown as TextureBackend;
    const { texture } = backend.get(this.target.textures[0]);
    if (!texture) throw new Error('RenderEngine: the color target has no texture after rendering; is the device lost?');
    return texture;
  }

  /**
   * Draws a frame and queues a copy of its colours, RGBA8 row by row, into `buffer` (usage COPY_DST) from `byteOffset`
   * (a multiple of 4) on: camera.height rows of `rowStride(camera.width)` bytes. Nothing is waited for.
   * Throws RangeError when they do not fit.
   */
  renderInto(mesh: RoomMesh, camera: Camera, buffer: GPUBuffer, byteOffset: number): void {
    const bytesPerRow = rowStride(camera.width);
    const end = byteOffset + bytesPerRow * camera.height;
    if (byteOffset % 4 !== 0 || byteOffset < 0 || end > buffer.size) {
      throw new RangeError(
        `renderInto: bytes ${byteOffset} to ${end} do not fit a buffer of ${buffer.size}; the offset must be a ` +
          'multiple of 4 and each row takes rowStride(width) bytes',
      );
    }
    const texture = this.renderFrame(mesh, camera);
    const encoder = this.device.createCommandEncoder({ label: 'frame to buffer' });
    encoder.copyTextureToBuffer({ texture }, { buffer, offset: byteOffset, bytesPerRow }, [
      camera.width,
      camera.height,
    ]);
    this.device.queue.submit([encoder.finish()]);
  }

  /** Draws a frame and reads all its channels back. */
  async readFrame(mesh: RoomMesh, camera: Camera): Promise<Frame> {
    this.renderFrame(mesh, camera);
    const { width, height } = camera;
    const [color, depth, instances] = await Promise.all(
      [0, 1, 2].map((index) => this.renderer.readRenderTargetPixelsAsync(this.target, 0, 0, width, height, index)),
    );
    return {
      width,
      height,
      color: color as Uint8Array,
      // The target is cleared to 0, which no surface beyond the near plane has.
      depth: (depth as Float32Array).map((z) => (z === 0 ? Infinity : z)),
      instances: instances as Uint32Array,
    };
  }

  /** Buffers and textures that three holds on the device for this engine. */
  get memory(): { readonly geometries: number; readonly attributes: number; readonly textures: number } {
    const { geometries, attributes, textures } = this.renderer.info.memory;
    return { geometries, attributes, textures };
  }

  /** Frees the targets, the geometry and three's own resources. */
  async dispose(): Promise<void> {
    this.mesh.geometry.dispose();
    this.target.dispose();
    this.surface.dispose();
    await this.renderer.dispose();
  }

  private setRoom(mesh: RoomMesh): void {
    if (mesh === this.room) return;
    this.mesh.geometry.dispose();
    this.mesh.geometry = roomGeometry(mesh);
    this.surface.setLighting(mesh);
    this.room = mesh;
  }
}
