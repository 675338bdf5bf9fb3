/**
 * Rotary position embedding of text (RoPE, arXiv 2104.09864): queries and keys turn by angles that grow with their
 * position, so that scores depend on how far apart two tokens are. What looks back so many tokens is learnt once and not
 * for each position anew. Only a part of a head's width turns (partial_rotary_factor, as in GPT-NeoX); visual tokens,
 * which have no text position, do not, and are found by the rest. Both the lab's graphs and the exported model have it
 * from here.
 */
import type { GraphBuilder, Value } from '../graph/builder';
import { type Architecture, textPositions } from './parameters';

/** Angles fall from 1 to about 1 / ROPE_THETA per token over the pairs of a head: the value of the paper. */
const ROPE_THETA = 10_000;

/** Cosines and sines that queries and keys are multiplied by; [..., D], 1 and 0 where nothing turns. */
export interface Rotation {
  readonly cos: Value;
  readonly sin: Value;
}

/** D': entries of a head's width that turn, an even number; the first and second half of them are pairs. */
function rotaryWidth({ partial_rotary_factor = 0, dim, heads }: Architecture): number {
  return partial_rotary_factor * (dim / heads);
}

/** Cosines and sines at every text position, [positions, D] each. */
function rotaryTables(a: Architecture): { cos: number[]; sin: number[] } {
  const [width, turning, positions] = [a.dim / a.heads, rotaryWidth(a), textPositions(a)];
  const angles = Array.from({ length: positions * width }, (_, i) => {
    const [position, entry] = [Math.floor(i / width), i % width];
    return entry < turning ? position * ROPE_THETA ** (-(entry % (turning / 2)) / (turning / 2)) : 0;
  });
  return { cos: angles.map(Math.cos), sin: angles.map(Math.sin) };
}

/**
 * Rotations at flat int32 text positions: [count, D] each. Null where nothing turns.
 */
export function rotationAt(g: GraphBuilder, a: Architecture, positions: Value): Rotation | null {
  if (rotaryWidth(a) === 0) return null;
  const { cos, sin } = rotaryTables(a);
  const shape = [textPositions(a), a.dim / a.heads];
  const at = (table: number[]) => g.node('Gather', [g.constant('float32', shape, table), positions], { axis: 0 });
  return { cos: at(cos), sin: at(sin) };
}

/**
 * Queries or keys, turned.
 * @param x float32 [..., D]. @param rotation of shapes that broadcast to it; null leaves it as it is.
 */
export function rotated(g: GraphBuilder, a: Architecture, x: Value, rotation: Rotation | null): Value {
  if (rotation === null) return x;
  const [half, still] = [rotaryWidth(a) / 2, a.dim / a.heads - rotaryWidth(a)];
  const sizes = still > 0 ? [half, half, still] : [half, half];
  const [first, second, ...rest] = g.multi('Split', [x, g.int64s(sizes)], { axis: -1 }, sizes.length);
  const across = g.node('Concat', [g.node('Neg', [second]), first, ...rest], { axis: -1 });
  return g.node('Add', [g.node('Mul', [x, rotation.cos]), g.node('Mul', [across, rotation.sin])]);
}
