/**
 * Colours for what has none of its own: a ramp for depth and a set of distinct hues for instances. Both are laid out
 * in Oklab (B. Ottosson, 2020), where equal steps look equal.
 */
import { clamp, cos, float, fract, mix, sin, vec3 } from 'three/tsl';
import type { Node } from 'three/webgpu';

/** Linear sRGB of Oklch: lightness, chroma, hue in radians. */
function oklch(lightness: Node<'float'>, chroma: Node<'float'>, hue: Node<'float'>): Node<'vec3'> {
  const lab = vec3(lightness, chroma.mul(cos(hue)), chroma.mul(sin(hue)));
  // prettier-ignore
  const roots = vec3(
    lab.dot(vec3(1, 0.3963377774, 0.2158037573)),
    lab.dot(vec3(1, -0.1055613458, -0.0638541728)),
    lab.dot(vec3(1, -0.0894841775, -1.291485548)),
  );
  const lms = roots.mul(roots).mul(roots);
  const linear = vec3(
    lms.dot(vec3(4.0767416621, -3.3077115913, 0.2309699292)),
    lms.dot(vec3(-1.2684380046, 2.6097574011, -0.3413193965)),
    lms.dot(vec3(-0.0041960863, -0.7034186147, 1.707614701)),
  );
  return clamp(linear, 0, 1);
}

/** Near (0) to far (1): from pale yellow over green and blue to dark violet, lightness falling evenly. */
export function depthRamp(nearness: Node<'float'>): Node<'vec3'> {
  const t = clamp(nearness, 0, 1);
  return oklch(mix(float(0.95), float(0.22), t), mix(float(0.09), float(0.12), t), mix(float(1.8), float(5.2), t));
}

/** A hue for an instance id, far from its neighbours' by the golden ratio; ids of a third differ in lightness too. */
export function instanceColor(id: Node<'uint'>): Node<'vec3'> {
  const index = id.toFloat();
  const hue = fract(index.mul(0.61803399)).mul(2 * Math.PI);
  const lightness = fract(index.div(3)).mul(0.24).add(0.62);
  return oklch(lightness, float(0.14), hue);
}
