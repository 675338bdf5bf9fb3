/** Gradients of functions of one operand, element by element: the incoming gradient times the derivative. */
import { floatAttribute, stringAttribute } from '../attributes';
import type { Value } from '../builder';
import type { GradientGraph } from '../gradient-graph';
import type { OnnxNode } from '../model';
import { firstGradient, type GradientRule } from './rule';

interface Operand {
  readonly graph: GradientGraph;
  readonly node: OnnxNode;
  /** The operand and the result. */
  readonly x: Value;
  readonly y: Value;
  readonly gradient: Value;
}

/** A rule from the gradient of the operand. */
function unary(opType: string, gradient: (operand: Operand) => Value, domain = ''): GradientRule {
  return {
    opType,
    domain,
    gradient: (context) => {
      const { node, graph } = context;
      return [gradient({ graph, node, x: node.inputs[0], y: node.outputs[0], gradient: firstGradient(context) })];
    },
  };
}

/** A rule from the derivative, which multiplies the gradient. */
function derivative(opType: string, slope: (operand: Operand) => Value, domain = ''): GradientRule {
  return unary(opType, (operand) => operand.graph.mul(operand.gradient, slope(operand)), domain);
}

/** Where x > 0. */
function positive({ graph, x }: Operand): Value {
  return graph.node('Greater', [x, graph.scalar(0, x)]);
}

/** 1 - v^2 */
function oneMinusSquare(graph: GradientGraph, value: Value): Value {
  return graph.sub(graph.scalar(1, value), graph.mul(value, value));
}

/** s(1 - s) */
function logisticSlope(graph: GradientGraph, sigmoid: Value): Value {
  return graph.mul(sigmoid, graph.sub(graph.scalar(1, sigmoid), sigmoid));
}

/** exp(-x^2) */
function bell(graph: GradientGraph, x: Value): Value {
  return graph.node('Exp', [graph.neg(graph.mul(x, x))]);
}

/** -1, 0 or 1, by comparisons, because Sign does not run on WebGPU. */
function sign({ graph, x }: Operand): Value {
  const zero = graph.scalar(0, x);
  const type = graph.dataType(x);
  return graph.sub(graph.cast(graph.node('Greater', [x, zero]), type), graph.cast(graph.node('Less', [x, zero]), type));
}

/** Where x exceeds 0 the gradient passes; elsewhere it is multiplied by `slope`. */
function rectified(operand: Operand, slope: Value | number): Value {
  const { graph, gradient } = operand;
  const below = typeof slope === 'number' ? graph.scale(gradient, slope) : graph.mul(gradient, slope);
  return graph.where(positive(operand), gradient, below);
}

const elementwise = {
  identity: unary('Identity', ({ gradient }) => gradient),
  neg: unary('Neg', ({ graph, gradient }) => graph.neg(gradient)),
  cast: unary('Cast', ({ graph, x, gradient }) => graph.cast(gradient, graph.dataType(x))),
  castLike: unary('CastLike', ({ graph, x, gradient }) => graph.cast(gradient, graph.dataType(x))),
  abs: derivative('Abs', sign),
  reciprocal: unary('Reciprocal', ({ graph, y, gradient }) => graph.neg(graph.mul(gradient, graph.mul(y, y)))),
  sqrt: unary('Sqrt', ({ graph, y, gradient }) => graph.div(graph.scale(gradient, 0.5), y)),
  exp: derivative('Exp', ({ y }) => y),
  log: unary('Log', ({ graph, x, gradient }) => graph.div(gradient, x)),
  sin: derivative('Sin', ({ graph, x }) => graph.node('Cos', [x])),
  cos: derivative('Cos', ({ graph, x }) => graph.neg(graph.node('Sin', [x]))),
  tan: derivative('Tan', ({ graph, y }) => graph.shift(graph.mul(y, y), 1)),
  asin: unary('Asin', ({ graph, x, gradient }) => graph.div(gradient, graph.node('Sqrt', [oneMinusSquare(graph, x)]))),
  acos: unary('Acos', ({ graph, x, gradient }) =>
    graph.neg(graph.div(gradient, graph.node('Sqrt', [oneMinusSquare(graph, x)]))),
  ),
  atan: unary('Atan', ({ graph, x, gradient }) => graph.div(gradient, graph.shift(graph.mul(x, x), 1))),
  sinh: derivative('Sinh', ({ graph, x }) => graph.node('Cosh', [x])),
  cosh: derivative('Cosh', ({ graph, x }) => graph.node('Sinh', [x])),
  tanh: derivative('Tanh', ({ graph, y }) => oneMinusSquare(graph, y)),
  asinh: unary('Asinh', ({ graph, x, gradient }) =>
    graph.div(gradient, graph.node('Sqrt', [graph.shift(graph.mul(x, x), 1)])),
  ),
  acosh: unary('Acosh', ({ graph, x, gradient }) =>
    graph.div(gradient, graph.node('Sqrt', [graph.shift(graph.mul(x, x), -1)])),
  ),
  atanh: unary('Atanh', ({ graph, x, gradient }) => graph.div(gradient, oneMinusSquare(graph, x))),
  erf: derivative('Erf', ({ graph, x }) => graph.scale(bell(graph, x), 2 / Math.sqrt(Math.PI))),
} as const;

const activations = {
  relu: unary('Relu', (operand) =>
    operand.graph.where(positive(operand), operand.gradient, operand.graph.scalar(0, operand.gradient)),
  ),
  leakyRelu: unary('LeakyRelu', (operand) => rectified(operand, floatAttribute(operand.node, 'alpha', 0.01))),
  thresholdedRelu: unary('ThresholdedRelu', ({ graph, node, x, gradient }) => {
    const passes = graph.node('Greater', [x, graph.scalar(floatAttribute(node, 'alpha', 1), x)]);
    return graph.where(passes, gradient, graph.scalar(0, gradient));
  }),
  // Below 0 the slope is alpha * exp(x) = y + alpha.
  elu: unary('Elu', (operand) =>
    rectified(operand, operand.graph.shift(operand.y, floatAttribute(operand.node, 'alpha', 1))),
  ),
  // y = gamma * (alpha * exp(x) - alpha) below 0.
  selu: unary('Selu', (operand) => {
    const { graph, node, y } = operand;
    const alpha = floatAttribute(node, 'alpha', 1.67326319217681884765625);
    const gamma = floatAttribute(node, 'gamma', 1.05070102214813232421875);
    const below = graph.mul(operand.gradient, graph.shift(y, alpha * gamma));
    return graph.where(positive(operand), graph.scale(operand.gradient, gamma), below);
  }),
  // y = alpha * (exp(x / alpha) - 1) below 0.
  celu: unary('Celu', (operand) => {
    const alpha = floatAttribute(operand.node, 'alpha', 1);
    return rectified(operand, operand.graph.shift(operand.graph.scale(operand.y, 1 / alpha), 1));
  }),
  sigmoid: derivative('Sigmoid', ({ graph, y }) => logisticSlope(graph, y)),
  hardSigmoid: unary('HardSigmoid', ({ graph, node, y, gradient }) => {
    const zero = graph.scalar(0, gradient);
    const sloped = graph.scale(gradient, floatAttribute(node, 'alpha', 0.2));
    const risen = graph.where(graph.node('Greater', [y, zero]), sloped, zero);
    return graph.where(graph.node('Less', [y, graph.scalar(1, y)]), risen, zero);
  }),
  // x * max(0, min(1, x / 6 + 1 / 2))
  hardSwish: unary('HardSwish', ({ graph, x, gradient }) => {
    const sloped = graph.mul(gradient, graph.shift(graph.scale(x, 1 / 3), 0.5));
    const risen = graph.where(graph.node('Greater', [x, graph.scalar(-3, x)]), sloped, graph.scalar(0, x));
    return graph.where(graph.node('Less', [x, graph.scalar(3, x)]), risen, gradient);
  }),
  softplus: derivative('Softplus', ({ graph, x }) => graph.node('Sigmoid', [x])),
  softsign: unary('Softsign', ({ graph, x, gradient }) => {
    const below = graph.shift(graph.node('Abs', [x]), 1);
    return graph.div(gradient, graph.mul(below, below));
  }),
  // x * tanh(softplus(x))
  mish: derivative('Mish', ({ graph, x }) => {
    const gate = graph.node('Tanh', [graph.node('Softplus', [x])]);
    return graph.add(gate, graph.mul(graph.mul(x, oneMinusSquare(graph, gate)), graph.node('Sigmoid', [x])));
  }),
  gelu: derivative('Gelu', ({ graph, node, x }) =>
    stringAttribute(node, 'approximate', 'none') === 'tanh' ? tanhGeluSlope(graph, x) : geluSlope(graph, x),
  ),
  microsoftGelu: derivative('Gelu', ({ graph, x }) => geluSlope(graph, x), 'com.microsoft'),
  // x * sigmoid(alpha * x)
  quickGelu: derivative(
    'QuickGelu',
    ({ graph, node, x }) => {
      const alpha = floatAttribute(node, 'alpha', 1.702);
      const gate = graph.node('Sigmoid', [graph.scale(x, alpha)]);
      return graph.add(gate, graph.mul(graph.scale(x, alpha), logisticSlope(graph, gate)));
    },
    'com.microsoft',
  ),
} as const;

/** Of x * Phi(x), the normal distribution's Phi: Phi(x) + x * phi(x). */
function geluSlope(graph: GradientGraph, x: Value): Value {
  const scaled = graph.scale(x, Math.SQRT1_2);
  const twiceDistribution = graph.shift(graph.node('Erf', [scaled]), 1);
  // Its factor is taken into the exponent: each operator is a pass over memory.
  const logTwiceDensity = graph.sub(graph.scalar(Math.log(Math.sqrt(2 / Math.PI)), x), graph.mul(scaled, scaled));
  const twiceDensity = graph.node('Exp', [logTwiceDensity]);
  return graph.scale(graph.add(twiceDistribution, graph.mul(x, twiceDensity)), 0.5);
}

/** Of x/2 * (1 + tanh(u)), u = sqrt(2/pi) * (x + 0.044715 x^3). */
function tanhGeluSlope(graph: GradientGraph, x: Value): Value {
  const root = Math.sqrt(2 / Math.PI);
  const square = graph.mul(x, x);
  const tanh = graph.node('Tanh', [graph.mul(x, graph.shift(graph.scale(square, 0.044715 * root), root))]);
  const inner = graph.shift(graph.scale(square, 3 * 0.044715 * root), root);
  const steep = graph.mul(graph.mul(x, oneMinusSquare(graph, tanh)), inner);
  return graph.scale(graph.add(graph.shift(tanh, 1), steep), 0.5);
}

/** Steps and random draws: their derivative is 0 wherever there is one. */
const FLAT = ['Ceil', 'Floor', 'Round', 'Sign', 'Hardmax', 'RandomNormalLike', 'RandomUniformLike', 'EyeLike'];

export const unaryRules: readonly GradientRule[] = [
  ...Object.values(elementwise),
  ...Object.values(activations),
  ...FLAT.map((opType): GradientRule => ({ opType, gradient: () => [null] })),
];
