/** The shading model of shading.ts, line for line in three's shading language, for the renderers on the GPU. */
import { abs, exp, float, max, min, mix, select, texture, vec3 } from 'three/tsl';
import type { DataTexture, Node } from 'three/webgpu';
import { SHADING } from './shading';

/** What `shade` takes, as nodes; see there for the meaning and the units. */
export interface SurfaceNodes {
  readonly albedo: Node<'vec3'>;
  readonly normal: Node<'vec3'>;
  readonly position: Node<'vec3'>;
  readonly lamp: Node<'vec3'>;
  readonly floor: Node<'float'>;
  readonly ceiling: Node<'float'>;
  /** Corner (x, y) and side of the contact map. */
  readonly contactSquare: Node<'vec3'>;
  readonly contactMap: DataTexture;
}

/** Linear to sRGB, both in [0, 1] (IEC 61966-2-1). */
export function encode(linear: Node<'vec3'>): Node<'vec3'> {
  const channel = (x: Node<'float'>) =>
    select(
      x.lessThanEqual(0.0031308),
      x.mul(12.92),
      x
        .pow(1 / 2.4)
        .mul(1.055)
        .sub(0.055),
    );
  return vec3(channel(linear.x), channel(linear.y), channel(linear.z));
}

/** The sRGB colour of a surface point, 0 to 1 a channel. */
export function shadeNodes({
  albedo,
  normal,
  position,
  lamp,
  contactSquare,
  contactMap,
  ...room
}: SurfaceNodes): Node<'vec3'> {
  const s = SHADING;
  const n = normal.normalize();
  const toLamp = lamp.sub(position);
  const squared = toLamp.dot(toLamp);
  const lambert = max(float(0), n.dot(toLamp).div(squared.sqrt()));
  const lampLight = lambert.div(squared.div(s.lampReach * s.lampReach).add(1));
  const up = n.z.mul(0.5).add(0.5);
  const fill = n
    .dot(vec3(...s.fillDirection))
    .mul(0.5)
    .add(0.5);
  const steep = float(1).sub(abs(n.z));
  const gap = min(position.z.sub(room.floor), room.ceiling.sub(position.z));
  const lying = n.z.greaterThan(0.5).and(position.z.sub(room.floor).lessThan(s.contactHeight));
  const uv = position.xy.sub(contactSquare.xy).div(contactSquare.z);
  const contact = texture(contactMap, uv).level(float(0)).x;
  const shadow = select(lying, float(1).sub(contact.mul(s.contact)), float(1));
  const occlusion = float(1).sub(steep.mul(s.skirting).mul(exp(max(float(0), gap).div(-s.skirtingHeight))));
  const ambient = mix(vec3(...s.ground), vec3(...s.sky), up);
  const light = ambient
    .add(vec3(...s.fill).mul(fill))
    .mul(occlusion)
    .add(vec3(...s.lamp).mul(lampLight))
    .mul(shadow);
  return encode(vec3(1).sub(exp(albedo.mul(light).mul(-s.exposure))));
}
