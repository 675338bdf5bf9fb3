/**
 * Oriented boxes as lines of even width on the screen: each edge is a thin square bar whose corners the vertex shader
 * pushes out in proportion to their distance, which unlike a line has a width and needs no clipping of its own.
 */
import { abs, attribute, max, select, uniform, vec3, vec4 } from 'three/tsl';
import { BufferAttribute, BufferGeometry, DoubleSide, Mesh, NodeMaterial } from 'three/webgpu';
import type { OrientedBox } from '../scenes/scene';
import { instanceColor } from './palette-nodes';
import { encode } from './shading-nodes';
import type { RoomSurface } from './surface';

/** Half the width of a line, pixels. */
const HALF_WIDTH = 1.1;

/** A box to draw, in the colour of its instance. */
export interface LabelledBox {
  readonly id: number;
  readonly box: OrientedBox;
}

/** Draws the boxes that are asked for: all, one, or none. */
export class BoxLines {
  readonly mesh: Mesh;
  private readonly all = uniform(0);
  private readonly one = uniform(0, 'uint');
  private readonly material = new NodeMaterial();

  constructor(surface: RoomSurface) {
    const corner = attribute('position', 'vec3');
    const id = attribute('instance', 'uint');
    const width = max(abs(surface.depthOf(corner)), 0.05)
      .mul(surface.pixelSize)
      .mul(HALF_WIDTH);
    const clip = surface.clip.mul(vec4(corner.add(attribute('outward', 'vec3').mul(width)), 1));
    const wanted = this.all.greaterThan(0.5).or(id.equal(this.one));
    // A vertex beyond the clip volume takes its whole triangle away.
    this.material.vertexNode = select(wanted, clip, vec4(0, 0, 2, 1));
    this.material.fragmentNode = vec4(encode(instanceColor(id).mul(0.9).add(vec3(0.02))), 1);
    this.material.side = DoubleSide;
    this.mesh = new Mesh(new BufferGeometry(), this.material);
    this.mesh.frustumCulled = false;
    this.mesh.visible = false;
  }

  setBoxes(boxes: readonly LabelledBox[]): void {
    this.mesh.geometry.dispose();
    this.mesh.geometry = boxGeometry(boxes);
  }

  /** `one` is an instance id, or null for no box of its own. */
  show(all: boolean, one: number | null): void {
    this.all.value = all ? 1 : 0;
    this.one.value = one ?? 0;
    this.mesh.visible = (all || one !== null) && this.mesh.geometry.getAttribute('position')?.count > 0;
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.material.dispose();
  }
}

/** Twelve bars a box, of eight vertices and four sides each. */
function boxGeometry(boxes: readonly LabelledBox[]): BufferGeometry {
  const positions: number[] = [];
  const outward: number[] = [];
  const instances: number[] = [];
  const indices: number[] = [];
  for (const { id, box } of boxes) {
    const axis = (k: number) => box.axes.slice(3 * k, 3 * k + 3);
    for (let along = 0; along < 3; along++) {
      const [u, v] = [(along + 1) % 3, (along + 2) % 3];
      for (const [su, sv] of SIGNS) {
        const first = instances.length;
        for (const end of [-1, 1]) {
          const signs = [0, 0, 0];
          signs[along] = end;
          signs[u] = su;
          signs[v] = sv;
          for (const [pu, pv] of SIGNS) {
            for (let c = 0; c < 3; c++) {
              const shift = signs.reduce((sum, sign, k) => sum + (sign * box.axesLengths[k] * axis(k)[c]) / 2, 0);
              positions.push(box.centroid[c] + shift);
              // Along the bar too, so that the bars of a corner meet.
              outward.push(pu * axis(u)[c] + pv * axis(v)[c] + end * axis(along)[c]);
            }
            instances.push(id);
          }
        }
        for (let side = 0; side < 4; side++) {
          const next = (side + 1) % 4;
          indices.push(first + side, first + next, first + 4 + side, first + next, first + 4 + next, first + 4 + side);
        }
      }
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(positions), 3));
  geometry.setAttribute('outward', new BufferAttribute(Float32Array.from(outward), 3));
  geometry.setAttribute('instance', new BufferAttribute(Uint32Array.from(instances), 1));
  geometry.setIndex(new BufferAttribute(Uint32Array.from(indices), 1));
  return geometry;
}

/** Around a square. */
const SIGNS = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
] as const;
