/** An oracle for meshes: what is wrong with one, judged from its arrays alone. */
import type { TriangleMesh, Vec3 } from '../../src/scenes/scene';
import { cross, dot, subtract } from '../../src/scenes/vectors';

/**
 * The faults of a mesh that shall consist of closed parts: bad indices, colours or normals, open edges, and parts that
 * are inside out. Vertices at one place (to 10 micrometres) count as one.
 */
export function meshFaults(mesh: TriangleMesh): string[] {
  const { positions, normals, colors, indices } = mesh;
  const faults = new Set<string>();
  const count = positions.length / 3;
  if (normals.length !== positions.length || colors.length !== positions.length) faults.add('array lengths differ');
  if (indices.some((index) => index >= count)) return ['an index beyond the vertices'];
  if (colors.some((value) => !(value >= 0 && value <= 1))) faults.add('a colour outside [0, 1]');
  const at = (array: Float32Array, vertex: number): Vec3 => [
    array[3 * vertex],
    array[3 * vertex + 1],
    array[3 * vertex + 2],
  ];
  for (let v = 0; v < count; v++) {
    if (!(Math.abs(Math.hypot(...at(normals, v)) - 1) < 1e-4)) faults.add('a normal that is not of unit length');
  }
  const places = new Map<string, number>();
  const place = Array.from({ length: count }, (_, v) => {
    const key = at(positions, v)
      .map((x) => Math.round(x * 1e5))
      .join();
    if (!places.has(key)) places.set(key, places.size);
    return places.get(key)!;
  });
  const parent = Array.from(places.values());
  const root = (v: number): number => (parent[v] === v ? v : (parent[v] = root(parent[v])));
  const edges = new Map<string, number>();
  for (let i = 0; i < indices.length; i += 3) {
    const corners = [indices[i], indices[i + 1], indices[i + 2]];
    const [a, b, c] = corners.map((v) => at(positions, v));
    const normal = cross(subtract(b, a), subtract(c, a));
    for (const [k, v] of corners.entries()) {
      // Slivers have no normal to speak of.
      if (Math.hypot(...normal) > 1e-8 && dot(normal, at(normals, v)) < 0) faults.add('a triangle against its normals');
      const [from, to] = [place[v], place[corners[(k + 1) % 3]]];
      parent[root(from)] = root(to);
      if (from === to) continue;
      const key = from < to ? `${from} ${to}` : `${to} ${from}`;
      edges.set(key, (edges.get(key) ?? 0) + (from < to ? 1 : -1));
    }
  }
  if ([...edges.values()].some((balance) => balance !== 0)) faults.add('an open edge');
  const volumes = new Map<number, number>();
  for (let i = 0; i < indices.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => at(positions, indices[i + k]));
    const part = root(place[indices[i]]);
    volumes.set(part, (volumes.get(part) ?? 0) + dot(a, cross(b, c)) / 6);
  }
  if ([...volumes.values()].some((volume) => volume <= 0)) faults.add('a part that is inside out');
  return [...faults];
}
