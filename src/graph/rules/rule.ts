/** What a gradient rule is: from the gradients of a node's outputs to those of its inputs. */
import type { Value } from '../builder';
import { DifferentiationError, type GradientGraph } from '../gradient-graph';
import { describe } from '../attributes';
import type { OnnxNode } from '../model';

export interface GradientContext {
  readonly node: OnnxNode;
  /** Where the rule appends nodes. */
  readonly graph: GradientGraph;
  /** Gradients of the outputs, each in its output's shape; null where none flows. At least one is not null. */
  readonly gradients: readonly (Value | null)[];
  /** Whether the gradient of input `index` is wanted; one that is not may be null. */
  needs(index: number): boolean;
}

/** The gradient rule of an operator. */
export interface GradientRule {
  readonly opType: string;
  /** '' (ai.onnx) unless stated. */
  readonly domain?: string;
  /** Gradients of the inputs in order, each in its input's shape; null, or left out, where none flows. */
  gradient(context: GradientContext): readonly (Value | null)[];
}

/** The gradient of the first output, the only one that most operators have. */
export function firstGradient({ node, gradients }: GradientContext): Value {
  const [gradient] = gradients;
  if (gradient === null) {
    throw new DifferentiationError(`${describe(node)}: only the first output has a gradient rule, but another is used`);
  }
  return gradient;
}

/** Says that a rule does not cover the form that a node has. */
export function unsupported(node: OnnxNode, why: string): DifferentiationError {
  return new DifferentiationError(`no gradient rule for this form of ${describe(node)}: ${why}`);
}
