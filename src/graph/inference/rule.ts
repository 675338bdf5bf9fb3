/** What a shape inference rule sees and returns, and the arithmetic on shapes that rules share. */
import { intsAttribute } from '../attributes';
import type { Size } from '../dimensions';
import type { DataType, OnnxNode } from '../model';

/** What is known of a value before the graph runs. */
export interface Fact {
  /** Null when the operator that makes the value is not known. */
  readonly dataType: DataType | null;
  /** Null when the rank is unknown. */
  readonly shape: readonly Size[] | null;
  /**
   * The contents, in row-major order, of a small tensor of numbers: shapes, axes, bounds. A symbol is the size of
   * a dimension; null is an unknown number.
   */
  readonly elements?: readonly (Size | null)[];
}

export interface InferenceContext {
  readonly node: OnnxNode;
  /** Version of the operator set of the node's domain. */
  readonly opset: number;
  /** What is known of input `index`; undefined when it is absent. */
  input(index: number): Fact | undefined;
  /** A symbol for a size of which nothing is known. */
  fresh(): string;
}

/** Infers what is known of a node's outputs, in order. */
export type InferenceRule = (context: InferenceContext) => readonly Fact[];

/** Nothing is known. */
export const UNKNOWN: Fact = { dataType: null, shape: null };

/** Axis counted from the front. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/** The contents of a value where all of them are numbers; otherwise null. */
export function numbers(fact: Fact | undefined): readonly number[] | null {
  const elements = fact?.elements;
  return elements !== undefined && elements.every((element) => typeof element === 'number') ? elements : null;
}

/** The shape that `shapes` broadcast to; null when a rank is unknown. */
export function broadcastShapes(
  context: Pick<InferenceContext, 'fresh'>,
  shapes: readonly (readonly Size[] | null)[],
): readonly Size[] | null {
  let whole: readonly Size[] = [];
  for (const shape of shapes) {
    if (shape === null) return null;
    const rank = Math.max(whole.length, shape.length);
    const padded = (short: readonly Size[]) => [...Array<Size>(rank - short.length).fill(1), ...short];
    const [left, right] = [padded(whole), padded(shape)];
    whole = left.map((a, axis) => {
      const b = right[axis];
      if (a === b || b === 1) return a;
      if (a === 1) return b;
      // A symbol beside a number greater than 1 is that number or 1.
      if (typeof a === 'number') return a;
      return typeof b === 'number' ? b : context.fresh();
    });
  }
  return whole;
}

/** The axes that a node names by attribute (older operator sets) or by input: 'absent', or null when not known. */
export function namedAxes(context: InferenceContext, inputIndex: number): readonly number[] | 'absent' | null {
  const attribute = intsAttribute(context.node, 'axes');
  if (attribute !== undefined) return attribute;
  const input = context.input(inputIndex);
  return input === undefined ? 'absent' : numbers(input);
}

/** A fact with the element list kept only where one is known and the tensor is a scalar or a vector. */
export function carrying(dataType: Fact['dataType'], shape: readonly Size[] | null, elements: Fact['elements']): Fact {
  const vector = shape !== null && shape.length <= 1;
  return { dataType, shape, ...(vector && elements !== undefined && { elements }) };
}
