/** Frames against exact rays through the centres of their pixels (three-mesh-bvh), for the tests of both renderers. */
import { BufferAttribute, BufferGeometry, FrontSide, Ray, Vector3 } from 'three';
import { MeshBVH } from 'three-mesh-bvh';
import { stream } from '../../src/random';
import type { Frame } from '../../src/rendering/frame';
import { NEAR } from '../../src/rendering/raster';
import type { RoomMesh } from '../../src/scenes/room-mesh';
import type { Camera } from '../../src/scenes/scene';

const PIXELS = 4000;

/**
 * How many of `count` random pixels show the instance that their ray meets, at its depth within 1 mm or 0.1 %; and how
 * many of the others lie on a silhouette: a pixel's breadth around them, rays meet what the frame shows.
 */
export function compareWithRays(frame: Frame, mesh: RoomMesh, camera: Camera, name: string) {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(mesh.positions, 3));
  // The hierarchy reorders its index; the renderer keeps the original.
  geometry.setIndex(new BufferAttribute(mesh.indices.slice(), 1));
  const bvh = new MeshBVH(geometry);
  const random = stream(1, 'pixels', name);
  let [agreeing, silhouettes] = [0, 0];
  for (let i = 0; i < PIXELS; i++) {
    const [x, y] = [random.integer(0, camera.width - 1), random.integer(0, camera.height - 1)];
    const pixel = y * camera.width + x;
    const z = frame.depth[pixel];
    const meets = (dx: number, dy: number) => {
      const { depth, instance } = trace(mesh, bvh, camera, x + 0.5 + dx, y + 0.5 + dy);
      const near = depth === z || Math.abs(depth - z) <= Math.max(1e-3, 1e-3 * depth);
      return { hit: near && instance === frame.instances[pixel], instance, depth };
    };
    const center = meets(0, 0);
    if (center.hit) {
      agreeing++;
      continue;
    }
    const around = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => meets(dx, dy)));
    const edge = around.some(
      ({ instance, depth }) => instance !== center.instance || Math.abs(depth - center.depth) > 0.02 * center.depth,
    );
    if (edge || around.some(({ hit }) => hit)) silhouettes++;
  }
  return { agreeing, silhouettes, count: PIXELS };
}

/** Distance to the image plane and instance along the exact ray through (x, y), pixels. */
function trace(mesh: RoomMesh, bvh: MeshBVH, camera: Camera, x: number, y: number) {
  const [fx, , cx, , fy, cy] = camera.K;
  const pose = camera.cameraToWorld;
  const d = [(x - cx) / fx, (y - cy) / fy, 1];
  const direction = [0, 1, 2].map((i) => pose[4 * i] * d[0] + pose[4 * i + 1] * d[1] + pose[4 * i + 2] * d[2]);
  const length = Math.hypot(...direction);
  const ray = new Ray(new Vector3(pose[3], pose[7], pose[11]), new Vector3(...direction).normalize());
  const hit = bvh.raycastFirst(ray, FrontSide, NEAR);
  if (!hit?.face) return { depth: Infinity, instance: 0 };
  return { depth: hit.distance / length, instance: mesh.instances[hit.face.a] };
}
