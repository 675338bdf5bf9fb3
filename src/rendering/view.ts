/**
 * The room on the page: the surfaces of the training frames at the canvas's resolution, smoothed at the edges, with a
 * choice of channel, oriented boxes and a highlighted object. Draws on the given GPUDevice, or without one on WebGL 2;
 * the canvas may be one transferred to a worker. Seen from outside, the walls in front are culled and the room stands
 * open like a doll's house; where nothing is hit the canvas is transparent.
 */
import { float, mix, select, uniform, vec3, vec4 } from 'three/tsl';
import {
  BufferGeometry,
  LinearSRGBColorSpace,
  Mesh,
  NodeMaterial,
  PerspectiveCamera,
  RenderTarget,
  Scene,
  WebGPURenderer,
} from 'three/webgpu';
import type { Node } from 'three/webgpu';
import type { RoomMesh } from '../scenes/room-mesh';
import type { Camera } from '../scenes/scene';
import { BoxLines } from './boxes';
import type { LabelledBox } from './boxes';
import { depthRamp, instanceColor } from './palette-nodes';
import { encode } from './shading-nodes';
import { renderInstances } from './software';
import { roomGeometry, RoomSurface } from './surface';

/** 'depth' is the distance to the image plane, 'distance' that to the camera's centre. */
export type ViewChannel = 'color' | 'depth' | 'distance' | 'normals' | 'instances' | 'boxes';

/** Highlighted objects lean towards this, linear RGB. */
const HIGHLIGHT = [0.1, 0.42, 1] as const;

/**
 * Whether a canvas may show what `device` draws. Chromium's software adapter draws into textures well enough, but
 * presenting one of its canvases brings the browser's GPU process down, and every device with it.
 */
export function canPresent(device: GPUDevice): boolean {
  const { architecture, isFallbackAdapter } = device.adapterInfo;
  return architecture !== 'swiftshader' && !isFallbackAdapter;
}

/** An interactive view of one room. Nothing is drawn until `render`; the setters only take note. */
export class RoomView {
  private readonly renderer: WebGPURenderer;
  private readonly clipDepth: 'webgpu' | 'webgl';
  private readonly surface = new RoomSurface();
  private readonly boxes = new BoxLines(this.surface);
  private readonly scene = new Scene();
  private readonly three = new PerspectiveCamera();
  private readonly mesh = new Mesh(new BufferGeometry());
  private readonly materials: Record<Exclude<ViewChannel, 'boxes'>, NodeMaterial>;
  private readonly highlighted = uniform(0, 'uint');
  private readonly nearest = uniform(0);
  private readonly farthest = uniform(1);

  private room: RoomMesh | null = null;
  private channel: ViewChannel = 'color';
  private selection: number | null = null;
  private width: number;
  private height: number;
  private pose: readonly number[] = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  private fieldOfView = Math.PI / 3;

  /**
   * A view that draws to `canvas`, which stays the caller's, as does `device` (one that `canPresent`). Without a
   * device it uses WebGL 2.
   */
  static async create(canvas: HTMLCanvasElement | OffscreenCanvas, device: GPUDevice | null): Promise<RoomView> {
    const smooth = { canvas, antialias: true, alpha: true };
    const renderer = new WebGPURenderer(device ? { ...smooth, device } : { ...smooth, forceWebGL: true });
    await renderer.init();
    return new RoomView(renderer, canvas, device ? 'webgpu' : 'webgl');
  }

  private constructor(
    renderer: WebGPURenderer,
    canvas: HTMLCanvasElement | OffscreenCanvas,
    clipDepth: 'webgpu' | 'webgl',
  ) {
    this.renderer = renderer;
    this.clipDepth = clipDepth;
    this.width = canvas.width;
    this.height = canvas.height;
    renderer.outputColorSpace = LinearSRGBColorSpace; // The shader encodes.
    renderer.setClearColor(0x000000, 0);

    const { color, depth, distance, instance, normal, facing } = this.surface;
    const marked = instance.equal(this.highlighted).and(this.highlighted.notEqual(0));
    const mark = (shown: Node<'vec3'>) => {
      const rim = float(1).sub(facing).mul(0.35).add(0.3);
      return vec4(select(marked, mix(shown, encode(vec3(...HIGHLIGHT)), rim), shown), 1);
    };
    const ramp = (metres: Node<'float'>) =>
      encode(depthRamp(metres.sub(this.nearest).div(this.farthest.sub(this.nearest))));
    const shape = facing.mul(0.55).add(0.45);
    const hue = select(instance.equal(0), vec3(0.32, 0.33, 0.35), instanceColor(instance));
    this.materials = {
      color: this.material(mark(color.xyz)),
      depth: this.material(mark(ramp(depth))),
      distance: this.material(mark(ramp(distance))),
      // Red, green and blue for x, y and z, the usual picture of unit vectors.
      normals: this.material(mark(normal.mul(0.5).add(0.5))),
      instances: this.material(mark(encode(hue.mul(shape)))),
    };
    this.mesh.frustumCulled = false;
    this.mesh.visible = false;
    this.scene.add(this.mesh, this.boxes.mesh);
  }

  /** The room to look at, and the boxes that the 'boxes' channel and the highlight draw. */
  setRoom(mesh: RoomMesh, boxes: readonly LabelledBox[]): void {
    this.room = mesh;
    this.mesh.geometry.dispose();
    this.mesh.geometry = roomGeometry(mesh);
    this.mesh.visible = true;
    this.surface.setLighting(mesh);
    this.boxes.setBoxes(boxes);
    this.selection = null;
  }

  /** `cameraToWorld`: 4x4 pose, row-major, OpenCV axes; vertical field of view in radians. */
  setCamera(cameraToWorld: readonly number[], fieldOfView: number): void {
    this.pose = cameraToWorld;
    this.fieldOfView = fieldOfView;
  }

  setChannel(channel: ViewChannel): void {
    this.channel = channel;
  }

  /** Marks an object and draws its box; null marks none. */
  highlight(object: number | null): void {
    this.selection = object;
  }

  /** Metres that the ramp of the depth channels goes from and to, as last drawn. */
  get depthRange(): readonly [nearest: number, farthest: number] {
    return [this.nearest.value, this.farthest.value];
  }

  /** Pixels of the device, not of the style sheet. */
  resize(width: number, height: number): void {
    this.width = Math.max(1, Math.round(width));
    this.height = Math.max(1, Math.round(height));
    this.renderer.setSize(this.width, this.height, false);
  }

  /** Draws the view to the canvas. */
  render(): void {
    const camera = this.camera();
    this.surface.setCamera(camera, this.clipDepth);
    if (this.room) [this.nearest.value, this.farthest.value] = depthRange(this.room, camera);
    this.highlighted.value = this.selection ?? 0;
    this.boxes.show(this.channel === 'boxes', this.selection);
    this.mesh.material = this.materials[this.channel === 'boxes' ? 'color' : this.channel];
    this.renderer.render(this.scene, this.three);
  }

  /** The view as a picture: sRGB with premultiplied alpha, 4 bytes a pixel, row by row from the top left. */
  async snapshot(): Promise<{ readonly width: number; readonly height: number; readonly data: Uint8Array }> {
    const { width, height } = this;
    const target = new RenderTarget(width, height, { samples: 4 });
    this.renderer.setRenderTarget(target);
    this.render();
    this.renderer.setRenderTarget(null);
    const pixels = (await this.renderer.readRenderTargetPixelsAsync(target, 0, 0, width, height)) as Uint8Array;
    target.dispose();
    if (this.clipDepth === 'webgpu') return { width, height, data: pixels };
    const data = new Uint8Array(pixels.length); // WebGL's first row is the lowest.
    for (let row = 0; row < height; row++) {
      data.set(pixels.subarray(4 * width * row, 4 * width * (row + 1)), 4 * width * (height - 1 - row));
    }
    return { width, height, data };
  }

  /**
   * Instance id under the canvas pixel (x, y), 0 for the shell or nothing. One ray through the CPU reference: the
   * same on every backend, without waiting for the GPU.
   */
  pick(x: number, y: number): number {
    if (!this.room) return 0;
    const camera = this.camera();
    const [fx, , cx, , fy, cy] = camera.K;
    const pixel = {
      ...camera,
      width: 1,
      height: 1,
      K: [fx, 0, cx - Math.floor(x), 0, fy, cy - Math.floor(y), 0, 0, 1],
    };
    return renderInstances(this.room, pixel).instances[0];
  }

  /** Frees what the view holds on the device. */
  async dispose(): Promise<void> {
    this.mesh.geometry.dispose();
    this.boxes.dispose();
    this.surface.dispose();
    for (const material of Object.values(this.materials)) material.dispose();
    await this.renderer.dispose();
  }

  private camera(): Camera {
    const { width, height } = this;
    const focal = height / 2 / Math.tan(this.fieldOfView / 2);
    return { width, height, K: [focal, 0, width / 2, 0, focal, height / 2, 0, 0, 1], cameraToWorld: this.pose };
  }

  private material(fragment: Node<'vec4'>): NodeMaterial {
    const material = new NodeMaterial();
    material.vertexNode = this.surface.vertex;
    material.fragmentNode = fragment;
    return material;
  }
}

/** Nearest and farthest planar depth of `mesh`, metres; what lies behind the camera counts as 0. */
function depthRange({ positions }: RoomMesh, { cameraToWorld: pose }: Camera): [number, number] {
  let [nearest, farthest] = [Infinity, 0];
  for (let i = 0; i < positions.length; i += 3) {
    const z =
      (positions[i] - pose[3]) * pose[2] +
      (positions[i + 1] - pose[7]) * pose[6] +
      (positions[i + 2] - pose[11]) * pose[10];
    nearest = Math.min(nearest, z);
    farthest = Math.max(farthest, z);
  }
  return [Math.max(0, nearest), Math.max(farthest, 0.1)];
}
