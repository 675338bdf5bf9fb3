/**
 * A room as one mesh: shell and furniture merged, each vertex tagged with the instance that it belongs to, so that a
 * renderer draws colour, depth and instance ids in a single call.
 */
import type { Room, TriangleMesh } from './scene';

/** A merged mesh with the instance id of each vertex: 0 for the shell, otherwise the object's id. */
export interface RoomMesh extends TriangleMesh {
  readonly instances: Uint32Array;
}

/** Merges the shell and all objects of `room`. No vertex is shared between two instances. */
export function roomMesh(room: Room): RoomMesh {
  const parts: readonly (readonly [number, TriangleMesh])[] = [
    [0, room.shell],
    ...room.objects.map((object) => [object.id, object.mesh] as const),
  ];
  const vertexCount = parts.reduce((sum, [, mesh]) => sum + mesh.positions.length / 3, 0);
  const indexCount = parts.reduce((sum, [, mesh]) => sum + mesh.indices.length, 0);
  const positions = new Float32Array(vertexCount * 3);
  const normals = new Float32Array(vertexCount * 3);
  const colors = new Float32Array(vertexCount * 3);
  const instances = new Uint32Array(vertexCount);
  const indices = new Uint32Array(indexCount);
  let firstVertex = 0;
  let firstIndex = 0;
  for (const [instance, mesh] of parts) {
    const count = mesh.positions.length / 3;
    positions.set(mesh.positions, firstVertex * 3);
    normals.set(mesh.normals, firstVertex * 3);
    colors.set(mesh.colors, firstVertex * 3);
    instances.fill(instance, firstVertex, firstVertex + count);
    for (let i = 0; i < mesh.indices.length; i++) indices[firstIndex + i] = mesh.indices[i] + firstVertex;
    firstVertex += count;
    firstIndex += mesh.indices.length;
  }
  return { positions, normals, colors, instances, indices };
}
