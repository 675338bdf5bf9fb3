/** The software renderer against exact rays through pixel centres (three-mesh-bvh), and against sums done by hand. */
import { Triangle, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import type { RoomMesh } from '../../src/scenes/room-mesh';
import type { Camera } from '../../src/scenes/scene';
import { NEAR } from '../../src/rendering/raster';
import { renderInstances, renderNormals, renderSoftware } from '../../src/rendering/software';
import { roomMesh } from '../../src/scenes/room-mesh';
import { synthesizeRoom } from '../../src/scenes/room';
import { lookAt, SAMPLE_ROOM } from './fixtures';
import { compareWithRays } from './rays';

const FURNISHED = roomMesh(synthesizeRoom(1).room);

/** A triangle list of one instance in camera axes, seen by a camera at the origin that looks along z. */
function flat(positions: readonly number[], indices: readonly number[], instance = 5): RoomMesh {
  const vertices = positions.length / 3;
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from({ length: positions.length }, (_, i) => (i % 3 === 2 ? -1 : 0)),
    colors: new Float32Array(positions.length).fill(0.5),
    indices: Uint32Array.from(indices),
    instances: new Uint32Array(vertices).fill(instance),
  };
}

/** 8 x 8 pixels, 4 pixels of focal length: the image is 2 m wide at 1 m. */
const FRONTAL: Camera = {
  width: 8,
  height: 8,
  K: [4, 0, 4, 0, 4, 4, 0, 0, 1],
  cameraToWorld: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
};

describe('renderSoftware', () => {
  it.each([
    ['a furnished room', FURNISHED, lookAt([-1.2, -0.9, 1.6], [1, 1, 0.6], 160, 120, 1.4)],
    ['inside', SAMPLE_ROOM, lookAt([-2.2, -1.7, 1.5], [0.5, 0.5, 0.8], 160, 120)],
    ['close to the table', SAMPLE_ROOM, lookAt([0.1, -0.6, 0.9], [0.2, 0.6, 0.7], 128, 128, 1.7)],
    ['above, from outside', SAMPLE_ROOM, lookAt([-4.2, -5, 5.5], [0, 0, 0.8], 160, 120, 0.9)],
  ])('meets the surfaces that exact rays meet: %s', (name, mesh, camera) => {
    const { agreeing, silhouettes, count } = compareWithRays(renderSoftware(mesh, camera), mesh, camera, name);
    expect(agreeing + silhouettes).toBe(count);
    expect(agreeing / count).toBeGreaterThanOrEqual(0.999);
  });

  it('covers the pixels whose centres a quad covers, and no others', () => {
    // At 2 m, a pixel is 0.5 m wide: x from -0.5 to 1.3 covers columns 3 to 6 (centres at -0.25 to 1.25), y from -1
    // to 0 covers rows 2 and 3 (centres at -0.75 and -0.25).
    const quad = flat([-0.5, -1, 2, 1.3, -1, 2, 1.3, 0, 2, -0.5, 0, 2], [0, 2, 1, 0, 3, 2]);
    const frame = renderSoftware(quad, FRONTAL);
    frame.instances.forEach((id, pixel) => {
      const [x, y] = [pixel % 8, Math.floor(pixel / 8)];
      const covered = x >= 3 && x <= 6 && y >= 2 && y <= 3;
      expect([x, y, id]).toEqual([x, y, covered ? 5 : 0]);
      expect(frame.depth[pixel]).toBe(covered ? 2 : Infinity);
    });
  });

  it('culls what is seen from behind: counter-clockwise is the front', () => {
    // Right hand: AB along -x, AC along y, so the normal is -z, towards the camera.
    const front = flat([1, -1, 2, -1, -1, 2, 1, 1, 2], [0, 1, 2]);
    expect(renderInstances(front, FRONTAL).instances.includes(5)).toBe(true);
    const back = { ...front, indices: Uint32Array.from([0, 2, 1]) };
    expect(renderInstances(back, FRONTAL).instances.includes(5)).toBe(false);
  });

  it('interpolates depth in perspective on a floor that passes under and behind the camera', () => {
    // Floor 1 m below, from 3 m behind to 10 m ahead: at row y, z = fy / (y + 0.5 - cy), and behind nothing shows.
    const floor = flat([-50, 1, -3, 50, 1, -3, 50, 1, 10, -50, 1, 10], [0, 1, 2, 0, 2, 3]);
    const { depth } = renderInstances(floor, FRONTAL);
    for (let y = 0; y < 8; y++) {
      const z = 4 / (y + 0.5 - 4);
      for (let x = 0; x < 8; x++) expect(depth[8 * y + x]).toBeCloseTo(z > 0 && z <= 10 ? z : Infinity, 5);
    }
  });

  it('draws nothing nearer than the near plane', () => {
    const wall = (z: number) => flat([1, -1, z, -1, -1, z, 1, 1, z], [0, 1, 2]);
    expect(renderInstances(wall(NEAR * 0.99), FRONTAL).instances.includes(5)).toBe(false);
    expect(renderInstances(wall(NEAR * 1.01), FRONTAL).instances.includes(5)).toBe(true);
  });

  it('leaves no cracks between triangles', () => {
    for (let turn = 0; turn < 40; turn++) {
      const angle = 0.17 * turn;
      const camera = lookAt([0.3, 0.1, 1.3], [0.3 + Math.cos(angle), 0.1 + Math.sin(angle), 1.2], 64, 64, 1.4);
      expect(renderInstances(SAMPLE_ROOM, camera).depth.every(Number.isFinite)).toBe(true);
    }
  });

  it('gives the same ids and depth with and without colours, and the same frame twice', () => {
    const camera = lookAt([-2.2, -1.7, 1.5], [0.5, 0.5, 0.8], 64, 64);
    const frame = renderSoftware(SAMPLE_ROOM, camera);
    expect(renderSoftware(SAMPLE_ROOM, camera)).toEqual(frame);
    const { instances, depth } = renderInstances(SAMPLE_ROOM, camera);
    expect(instances).toEqual(frame.instances);
    expect(depth).toEqual(frame.depth);
  });

  it.each([
    ['boxes', SAMPLE_ROOM, lookAt([-2.2, -1.7, 1.5], [0.5, 0.5, 0.8], 160, 120)],
    ['a furnished room', FURNISHED, lookAt([-1.2, -0.9, 1.6], [1, 1, 0.6], 160, 120, 1.4)],
  ])('gives the normals that the meshes have, in room axes, and leaves the rest as it is: %s', (_, mesh, camera) => {
    const { normals, ...frame } = renderNormals(mesh, camera);
    expect(frame).toEqual(renderSoftware(mesh, camera));
    const { K, cameraToWorld: pose, width } = camera;
    const positions = mesh.positions;
    const corner = (vertex: number) => new Vector3().fromArray(positions, 3 * vertex);
    // Brute force, without the renderer's barycentric weights: three's own, on the triangles that hold the point.
    let compared = 0;
    for (let pixel = 0; pixel < frame.depth.length; pixel += 211) {
      const z = frame.depth[pixel];
      const d = [((pixel % width) + 0.5 - K[2]) / K[0], (Math.floor(pixel / width) + 0.5 - K[5]) / K[4], 1];
      const point = new Vector3(
        ...[0, 4, 8].map((r) => pose[r + 3] + z * (pose[r] * d[0] + pose[r + 1] * d[1] + pose[r + 2] * d[2])),
      );
      const found: Vector3[] = [];
      for (let t = 0; t < mesh.indices.length; t += 3) {
        const [a, b, c] = mesh.indices.slice(t, t + 3);
        const triangle = new Triangle(corner(a), corner(b), corner(c));
        const nearest = triangle.closestPointToPoint(point, new Vector3());
        if (nearest.distanceTo(point) > 2e-5) continue;
        const weights = triangle.getBarycoord(nearest, new Vector3());
        if (weights === null) continue;
        const normal = new Vector3();
        [a, b, c].forEach((v, k) => {
          normal.addScaledVector(new Vector3().fromArray(mesh.normals, 3 * v), weights.getComponent(k));
        });
        found.push(normal.normalize());
      }
      const own = new Vector3().fromArray(normals, 3 * pixel);
      expect(own.length()).toBeCloseTo(1, 5);
      compared++;
      expect(Math.min(...found.map((normal) => normal.distanceTo(own)))).toBeLessThan(2e-3);
    }
    expect(compared).toBeGreaterThan(80);
  });

  it('names what is wrong with a camera', () => {
    expect(() => renderSoftware(SAMPLE_ROOM, { ...FRONTAL, width: 0 })).toThrow(/camera: width 0 and height 8/);
    expect(() => renderSoftware(SAMPLE_ROOM, { ...FRONTAL, K: [1, 2] })).toThrow(/camera: K has 2 entries/);
  });
});
