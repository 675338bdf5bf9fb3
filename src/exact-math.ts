/**
 * Sines, arcs, powers and logarithms with the same bits everywhere. The language leaves their last digits to the engine,
 * and two builds of one engine already differ in them; what is built here from +, -, *, / and square roots, which IEEE 754
 * fixes, does not. Every room, frame and answer that follows from a seed is computed with these, never with Math's own.
 * Errors stay within a few units in the last place. Radians.
 */

/** π/2 and ln 2 in parts, the first of so few bits that its product with a small integer is exact. */
const [HALF_PI_1, HALF_PI_2, HALF_PI_3] = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21];
const [LN2_1, LN2_2] = [0.6931471803691238, 1.9082149292705877e-10];
/** Taylor's terms beyond these are smaller than a double's last digit, on the ranges that arguments are reduced to. */
const [SINE_TERMS, COSINE_TERMS, ARC_TERMS, EXP_TERMS, LOG_TERMS] = [8, 9, 16, 15, 12];
/** From here on the quadrant would not be exact any more. */
const LARGEST_ANGLE = 1e6;

/** Throws RangeError beyond a million radians. */
export function sin(x: number): number {
  const { rest, quadrant } = reduced(x);
  const value = quadrant % 2 === 0 ? sineOf(rest) : cosineOf(rest);
  return quadrant < 2 ? value : -value;
}

/** Throws RangeError beyond a million radians. */
export function cos(x: number): number {
  const { rest, quadrant } = reduced(x);
  const value = quadrant % 2 === 0 ? cosineOf(rest) : sineOf(rest);
  return quadrant === 0 || quadrant === 3 ? value : -value;
}

/** Throws RangeError beyond a million radians. */
export function tan(x: number): number {
  return sin(x) / cos(x);
}

/** The angle of the point (x, y) in [-π, π], as Math.atan2. */
export function atan2(y: number, x: number): number {
  const [a, b] = [Math.abs(x), Math.abs(y)];
  let angle = a === 0 && b === 0 ? 0 : b <= a ? arcOf(b / a) : Math.PI / 2 - arcOf(a / b);
  if (x < 0 || Object.is(x, -0)) angle = Math.PI - angle;
  return y < 0 || Object.is(y, -0) ? -angle : angle;
}

/** The angle in (-π/2, π/2) whose tangent is x. */
export function atan(x: number): number {
  return atan2(x, 1);
}

/** The length of a vector whose components' squares do not overflow. */
export function hypot(...components: readonly number[]): number {
  let sum = 0;
  for (const component of components) sum += component * component;
  return Math.sqrt(sum);
}

export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.79) return Infinity;
  if (x < -745.2) return 0;
  const n = Math.round(x / Math.LN2);
  const rest = x - n * LN2_1 - n * LN2_2;
  let sum = 1;
  for (let k = EXP_TERMS; k > 0; k--) sum = 1 + (sum * rest) / k;
  // Half of a power that is itself beyond the range of doubles.
  const half = Math.trunc(n / 2);
  return sum * powerOfTwo(half) * powerOfTwo(n - half);
}

/** The natural logarithm; NaN below 0, -Infinity at 0. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return Infinity;
  let [mantissa, exponent] = [x, 0];
  for (let step = 512; step >= 1; step /= 2) {
    const factor = powerOfTwo(step);
    if (mantissa >= factor) [mantissa, exponent] = [mantissa / factor, exponent + step];
    else if (mantissa * factor < 2) [mantissa, exponent] = [mantissa * factor, exponent - step];
  }
  if (mantissa > Math.SQRT2) [mantissa, exponent] = [mantissa / 2, exponent + 1];
  // ln m = 2 artanh((m - 1) / (m + 1)).
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let k = LOG_TERMS; k > 0; k--) sum = square * (1 / (2 * k + 1) + sum);
  return exponent * LN2_1 + (2 * ratio + (2 * ratio * sum + exponent * LN2_2));
}

/** x to the power of y, for x of at least 0: to about 1e-15 where the result is within a million of 1. */
export function pow(x: number, y: number): number {
  return y === 0 ? 1 : exp(y * log(x));
}

/** x less the nearest multiple of π/2, in [-π/4, π/4], and which multiple it is, modulo 4. */
function reduced(x: number): { rest: number; quadrant: number } {
  if (Math.abs(x) > LARGEST_ANGLE) throw new RangeError(`exact-math: ${x} rad; give an angle of at most a million`);
  const n = Math.round(x / (Math.PI / 2));
  return { rest: x - n * HALF_PI_1 - n * HALF_PI_2 - n * HALF_PI_3, quadrant: ((n % 4) + 4) % 4 };
}

function sineOf(x: number): number {
  const square = x * x;
  let sum = 0;
  for (let k = SINE_TERMS; k > 0; k--) sum = (-square * (1 + sum)) / (2 * k * (2 * k + 1));
  return x + x * sum;
}

function cosineOf(x: number): number {
  const square = x * x;
  let sum = 0;
  for (let k = COSINE_TERMS; k > 0; k--) sum = (-square * (1 + sum)) / (2 * k * (2 * k - 1));
  return 1 + sum;
}

/** The arc of a tangent in [0, 1]. */
function arcOf(tangent: number): number {
  // Beyond 15 degrees, the arc less 30 degrees is shorter.
  const far = tangent > 0.2679491924311227;
  const t = far ? (tangent * Math.sqrt(3) - 1) / (tangent + Math.sqrt(3)) : tangent;
  const square = t * t;
  let sum = 0;
  for (let k = ARC_TERMS; k > 0; k--) sum = -square * (1 / (2 * k + 1) + sum);
  return far ? Math.PI / 6 + (t + t * sum) : t + t * sum;
}

/** 2 to the power of an integer from -1022 to 1023: exact, as all its factors are. */
function powerOfTwo(exponent: number): number {
  let [power, factor] = [1, exponent < 0 ? 0.5 : 2];
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power *= factor;
    factor *= factor;
  }
  return power;
}
