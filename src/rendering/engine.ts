/**
 * Frames of rooms on the GPU: colour, planar depth, instance ids and, where they are asked for, normals in one
 * multi-target pass of three's WebGPURenderer, on the GPUDevice that the policy and the kernels use too. Training copies
 * the pixels from the target to a storage buffer without their leaving the device; tests and the page read all channels
 * back.
 */
import { outputStruct, vec4 } from 'three/tsl';
import {
  DataUtils,
  FloatType,
  HalfFloatType,
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
import type { Frame, NormalFrame } from './frame';
import { roomGeometry, RoomSurface } from './surface';

/** Bytes from one row of pixels to the next in a buffer that `renderInto` fills: 4 a pixel, padded to 256. */
export function rowStride(width: number): number {
  return Math.ceil((4 * width) / 256) * 256;
}

/** three keeps the WebGPU object of a texture in its backend, outside its types. */
interface TextureBackend {
  get(texture: Texture): { readonly texture?: GPUTexture };
}

/** What every pass draws. */
const CHANNELS = [
  ['color', RGBAFormat, UnsignedByteType],
  ['distance', RedFormat, FloatType],
  ['instance', RedIntegerFormat, UnsignedIntType],
] as const;
/**
 * Half floats are 0.001 apart and less, 0.03 degrees. With them a sample takes 8 + 4 + 4 + 8 bytes, within the 32 that
 * every WebGPU device has for the targets of a pass; full floats would fill them up.
 */
const NORMALS = ['normal', RGBAFormat, HalfFloatType] as const;

/** A set of targets, and what fills all of them in one pass. */
interface Pass {
  readonly target: RenderTarget;
  readonly material: NodeMaterial;
}

function createPass({ vertex, color, depth, instance, normal }: RoomSurface, withNormals: boolean): Pass {
  const formats = withNormals ? [...CHANNELS, NORMALS] : CHANNELS;
  const target = new RenderTarget(1, 1, {
    count: formats.length,
    minFilter: NearestFilter,
    magFilter: NearestFilter,
  });
  formats.forEach(([name, format, type], index) => {
    Object.assign(target.textures[index], { name, format, type, generateMipmaps: false });
  });
  const material = new NodeMaterial();
  material.vertexNode = vertex;
  material.fragmentNode = withNormals
    ? outputStruct(color, depth, instance, vec4(normal, 1))
    : outputStruct(color, depth, instance);
  return { target, material };
}

/** Draws rooms into off-screen targets. Works in a worker as well as in a window. */
export class RenderEngine {
  private readonly device: GPUDevice;
  private readonly renderer: WebGPURenderer;
  private readonly surface = new RoomSurface();
  private readonly mesh: Mesh;
  /** three wants one; our matrices are in the surface's uniforms. */
  private readonly camera = new PerspectiveCamera();
  private readonly plain = createPass(this.surface, false);
  /** Made when normals are first asked for. */
  private withNormals: Pass | null = null;
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

    this.mesh = new Mesh(undefined, this.plain.material);
    this.mesh.frustumCulled = false;
  }

  /** Draws `mesh` as `camera` sees it. The color target's pixels are valid until the next call. */
  renderFrame(mesh: RoomMesh, camera: Camera): GPUTexture {
    this.draw(this.plain, mesh, camera);
    const backend = this.renderer.backend as unknown as TextureBackend;
    const { texture } = backend.get(this.plain.target.textures[0]);
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

  /** Draws a frame and reads its channels back. */
  async readFrame(mesh: RoomMesh, camera: Camera): Promise<Frame> {
    this.draw(this.plain, mesh, camera);
    return this.read(this.plain, camera);
  }

  /** As `readFrame`, with the normals, from the same pass. */
  async readNormals(mesh: RoomMesh, camera: Camera): Promise<NormalFrame> {
    this.withNormals ??= createPass(this.surface, true);
    this.draw(this.withNormals, mesh, camera);
    const [frame, halves] = await Promise.all([
      this.read(this.withNormals, camera),
      this.pixels(this.withNormals, camera, CHANNELS.length),
    ]);
    const normals = new Float32Array(3 * camera.width * camera.height);
    for (let k = 0; k < normals.length; k++) {
      normals[k] = DataUtils.fromHalfFloat(halves[4 * Math.floor(k / 3) + (k % 3)]);
    }
    return { ...frame, normals };
  }

  /** Buffers and textures that three holds on the device for this engine. */
  get memory(): { readonly geometries: number; readonly attributes: number; readonly textures: number } {
    const { geometries, attributes, textures } = this.renderer.info.memory;
    return { geometries, attributes, textures };
  }

  /** Frees the targets, the geometry and three's own resources. */
  async dispose(): Promise<void> {
    this.mesh.geometry.dispose();
    for (const pass of [this.plain, this.withNormals]) {
      pass?.target.dispose();
      pass?.material.dispose();
    }
    this.surface.dispose();
    await this.renderer.dispose();
  }

  private draw({ target, material }: Pass, mesh: RoomMesh, camera: Camera): void {
    this.setRoom(mesh);
    target.setSize(camera.width, camera.height);
    this.surface.setCamera(camera, 'webgpu');
    this.mesh.material = material;
    this.renderer.setRenderTarget(target);
    this.renderer.render(this.mesh, this.camera);
  }

  private async read(pass: Pass, camera: Camera): Promise<Frame> {
    const [color, depth, instances] = await Promise.all([0, 1, 2].map((k) => this.pixels(pass, camera, k)));
    return {
      width: camera.width,
      height: camera.height,
      color: color as Uint8Array,
      // The target is cleared to 0, which no surface beyond the near plane has.
      depth: (depth as Float32Array).map((z) => (z === 0 ? Infinity : z)),
      instances: instances as Uint32Array,
    };
  }

  private pixels({ target }: Pass, { width, height }: Camera, index: number) {
    return this.renderer.readRenderTargetPixelsAsync(target, 0, 0, width, height, index);
  }

  private setRoom(mesh: RoomMesh): void {
    if (mesh === this.room) return;
    this.mesh.geometry.dispose();
    this.mesh.geometry = roomGeometry(mesh);
    this.surface.setLighting(mesh);
    this.room = mesh;
  }
}
