/**
 * A room's mesh as three draws it, for training frames and for the page alike: one geometry, the matrices of our own
 * cameras, and a node for each channel. three's cameras, lights and colour management are not used, so that a pixel
 * here is a pixel of the software renderer.
 */
import { abs, attribute, cross, dFdx, dFdy, dot, screenCoordinate, select, uniform, vec3, vec4 } from 'three/tsl';
import {
  RedFormat,
  DataTexture,
  LinearFilter,
  BufferAttribute,
  BufferGeometry,
  Matrix3,
  Matrix4,
  Vector3,
} from 'three/webgpu';
import type { Node } from 'three/webgpu';
import type { RoomMesh } from '../scenes/room-mesh';
import type { Camera } from '../scenes/scene';
import { CONTACT_CELLS } from './contact';
import { lightingOf } from './shading';
import { shadeNodes } from './shading-nodes';
import { NEAR } from './raster';

/** Nothing farther from the image plane than this is drawn, metres: twice any room. */
const FAR = 200;

/** The vertex attributes of `mesh`. The caller disposes them. */
export function roomGeometry(mesh: RoomMesh): BufferGeometry {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(mesh.positions, 3));
  geometry.setAttribute('normal', new BufferAttribute(mesh.normals, 3));
  geometry.setAttribute('albedo', new BufferAttribute(mesh.colors, 3));
  geometry.setAttribute('instance', new BufferAttribute(mesh.instances, 1));
  geometry.setIndex(new BufferAttribute(mesh.indices, 1));
  return geometry;
}

/** Room to clip space for `camera`; `clipDepth` is the range of clip z over w: [0, 1] on WebGPU, [-1, 1] on WebGL. */
function clipFromRoom(camera: Camera, clipDepth: 'webgpu' | 'webgl'): Matrix4 {
  const { width, height, K, cameraToWorld: pose } = camera;
  const [fx, , cx, , fy, cy] = K;
  const scale = FAR / (FAR - NEAR);
  const [slope, offset] = clipDepth === 'webgpu' ? [scale, -NEAR * scale] : [2 * scale - 1, -2 * NEAR * scale];
  // prettier-ignore
  const projection = new Matrix4().set(
    (2 * fx) / width, 0, (2 * cx) / width - 1, 0,
    0, (-2 * fy) / height, 1 - (2 * cy) / height, 0,
    0, 0, slope, offset,
    0, 0, 1, 0,
  );
  const view = new Matrix4().fromArray(pose).transpose().invert();
  return projection.multiply(view);
}

/** The channels of a room as nodes over shared uniforms. */
export class RoomSurface {
  readonly clip = uniform(new Matrix4());
  private readonly eye = uniform(new Vector3());
  private readonly forward = uniform(new Vector3());
  /** Pixel coordinates to the ray through them, in room axes, 1 m deep. */
  private readonly ray = uniform(new Matrix3());
  /** Width of a pixel at one metre, metres. */
  readonly pixelSize = uniform(0);
  private readonly lamp = uniform(new Vector3());
  private readonly floor = uniform(0);
  private readonly ceiling = uniform(0);
  private readonly contactSquare = uniform(new Vector3());
  private readonly contactMap = new DataTexture(
    new Uint8Array(CONTACT_CELLS ** 2),
    CONTACT_CELLS,
    CONTACT_CELLS,
    RedFormat,
  );

  /** Clip-space position of a vertex. */
  readonly vertex: Node<'vec4'> = this.clip.mul(vec4(attribute('position', 'vec3'), 1));
  private readonly position: Node<'vec3'> = this.positionOnRay();
  /** Distance to the image plane, metres. */
  readonly depth: Node<'float'> = this.depthOf(this.position);
  /** Distance to the camera's centre, metres. */
  readonly distance: Node<'float'> = this.eye.sub(this.position).length();
  /** Unit normal, room axes. */
  readonly normal: Node<'vec3'> = attribute('normal', 'vec3').normalize();
  /** Cosine between the surface's normal and the direction to the camera. */
  readonly facing: Node<'float'> = this.eye.sub(this.position).normalize().dot(this.normal).saturate();
  readonly instance: Node<'uint'> = attribute('instance', 'uint');
  /** sRGB-encoded colour with alpha 1. */
  readonly color: Node<'vec4'> = vec4(
    shadeNodes({
      albedo: attribute('albedo', 'vec3'),
      normal: attribute('normal', 'vec3'),
      position: this.position,
      lamp: this.lamp,
      floor: this.floor,
      ceiling: this.ceiling,
      contactSquare: this.contactSquare,
      contactMap: this.contactMap,
    }),
    1,
  );

  constructor() {
    this.contactMap.magFilter = LinearFilter;
    this.contactMap.minFilter = LinearFilter;
  }

  setLighting(mesh: RoomMesh): void {
    const { lamp, floor, ceiling, contact, contactCorner, contactSize } = lightingOf(mesh);
    this.lamp.value.set(...lamp);
    this.floor.value = floor;
    this.ceiling.value = ceiling;
    this.contactSquare.value.set(...contactCorner, contactSize);
    this.contactMap.image.data = contact;
    this.contactMap.needsUpdate = true;
  }

  /** Distance of a point to the image plane, metres. */
  depthOf(point: Node<'vec3'>): Node<'float'> {
    return point.sub(this.eye).dot(this.forward);
  }

  dispose(): void {
    this.contactMap.dispose();
  }

  setCamera(camera: Camera, clipDepth: 'webgpu' | 'webgl'): void {
    const pose = camera.cameraToWorld;
    this.clip.value.copy(clipFromRoom(camera, clipDepth));
    this.eye.value.set(pose[3], pose[7], pose[11]);
    this.forward.value.set(pose[2], pose[6], pose[10]);
    this.pixelSize.value = 1 / camera.K[0];
    const [fx, , cx, , fy, cy] = camera.K;
    const axes = new Matrix3().set(pose[0], pose[1], pose[2], pose[4], pose[5], pose[6], pose[8], pose[9], pose[10]);
    this.ray.value.set(1 / fx, 0, -cx / fx, 0, 1 / fy, -cy / fy, 0, 0, 1).premultiply(axes);
  }

  /**
   * The point of the triangle on the pixel's ray. Rasterizers move vertices to a grid, of 1/16 pixel on some adapters,
   * and the interpolated position strays by as much: within the triangle's plane, millimetres on a floor seen at a
   * flat angle. The plane is right, so the ray is met with it again.
   */
  private positionOnRay(): Node<'vec3'> {
    const interpolated = attribute('position', 'vec3');
    const ray = this.ray.mul(vec3(screenCoordinate, 1));
    const normal = cross(dFdx(interpolated), dFdy(interpolated)).normalize();
    const slope = dot(normal, ray);
    const distance = dot(normal, interpolated.sub(this.eye)).div(slope);
    return select(abs(slope).greaterThan(1e-3), this.eye.add(ray.mul(distance)), interpolated);
  }
}
