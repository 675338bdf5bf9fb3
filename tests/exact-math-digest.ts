/** Values of the exact functions over wide ranges, as one number that changes with any bit of any of them. */
import { atan2, cos, exp, hypot, log, sin, tan } from '../src/exact-math';
import { stream } from '../src/random';

/** What `digest` gives on every engine. */
export const DIGEST = 1323911057;

export function digest(): number {
  const random = stream(1, 'exact math');
  const bits = new DataView(new ArrayBuffer(8));
  let hash = 0x811c9dc5;
  for (let k = 0; k < 20_000; k++) {
    const [x, y] = [random.uniform(-12, 12), random.uniform(-12, 12)];
    for (const value of [sin(x), cos(x), tan(y), atan2(x, y), hypot(x, y), exp(x), log(y + 12.5)]) {
      bits.setFloat64(0, value);
      hash = Math.imul(hash ^ bits.getUint32(0), 0x01000193);
      hash = Math.imul(hash ^ bits.getUint32(4), 0x01000193);
    }
  }
  return hash >>> 0;
}
