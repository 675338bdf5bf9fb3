/** Gradients of arithmetic on two or more operands, which broadcast: each gradient is summed back to its operand. */
import type { Value } from '../builder';
import { firstGradient, type GradientContext, type GradientRule, unsupported } from './rule';

/** A rule for a binary operator from the gradient of each operand, both in the output's shape. */
function binary(
  opType: string,
  left: (context: GradientContext, gradient: Value) => Value,
  right: (context: GradientContext, gradient: Value) => Value,
): GradientRule {
  return {
    opType,
    gradient(context) {
      const { node, graph, needs } = context;
      const gradient = firstGradient(context);
      return [left, right].map((part, index) =>
        needs(index) ? graph.sumTo(part(context, gradient), node.inputs[index]) : null,
      );
    },
  };
}

export const add = binary(
  'Add',
  (_, g) => g,
  (_, g) => g,
);

export const sub = binary(
  'Sub',
  (_, g) => g,
  ({ graph }, g) => graph.neg(g),
);

export const mul = binary(
  'Mul',
  ({ graph, node }, g) => graph.mul(g, node.inputs[1]),
  ({ graph, node }, g) => graph.mul(g, node.inputs[0]),
);

export const div = binary(
  'Div',
  ({ graph, node }, g) => graph.div(g, node.inputs[1]),
  ({ graph, node }, g) => graph.neg(graph.div(graph.mul(g, node.outputs[0]), node.inputs[1])),
);

/** The remainder of a division is x - n*y with a whole n that is constant almost everywhere: n = (x - mod) / y. */
export const mod = binary(
  'Mod',
  (_, g) => g,
  ({ graph, node }, g) => {
    const [x, y] = node.inputs;
    return graph.mul(g, graph.div(graph.sub(node.outputs[0], x), y));
  },
);

/** d(x^p) = p x^(p-1) dx + x^p log(x) dp; the second term is 0 where x is not positive, as log(x) does not exist. */
export const pow: GradientRule = {
  opType: 'Pow',
  gradient(context) {
    const { node, graph, needs } = context;
    const [x, exponent] = node.inputs;
    const gradient = firstGradient(context);
    const dataType = graph.dataType(x);
    // The exponent may be of another type, integers included.
    const power = graph.cast(exponent, dataType);
    const base = () => {
      const known = graph.contents(exponent);
      if (known?.length === 1) {
        const [p] = known;
        if (p === 2) return graph.scale(x, 2);
        return graph.scale(graph.node('Pow', [x, graph.scalar(p - 1, x)]), p);
      }
      return graph.mul(power, graph.node('Pow', [x, graph.shift(power, -1)]));
    };
    const logarithm = () => {
      const positive = graph.node('Greater', [x, graph.scalar(0, x)]);
      const safe = graph.where(positive, x, graph.scalar(1, x));
      return graph.mul(node.outputs[0], graph.node('Log', [safe]));
    };
    return [
      needs(0) ? graph.sumTo(graph.mul(gradient, base()), x) : null,
      needs(1) ? graph.cast(graph.sumTo(graph.mul(gradient, logarithm()), exponent), graph.dataType(exponent)) : null,
    ];
  },
};

/**
 * Max and Min of any number of operands, two at a time. Where two are equal, each gets half: a subgradient, and the
 * right answer where both are the same function (as in PPO's clipped objective).
 */
function extremum(opType: 'Max' | 'Min'): GradientRule {
  const wins = opType === 'Max' ? 'Greater' : 'Less';
  return {
    opType,
    gradient(context) {
      const { node, graph } = context;
      const running = [node.inputs[0]];
      for (const input of node.inputs.slice(1, -1))
        running.push(graph.node(opType, [running[running.length - 1], input]));
      let gradient = firstGradient(context);
      if (node.inputs.length === 1) return [gradient];
      const gradients: Value[] = [];
      for (let index = node.inputs.length - 1; index > 0; index--) {
        const [before, input] = [running[index - 1], node.inputs[index]];
        const zero = graph.scalar(0, gradient);
        const tied = graph.where(graph.node('Equal', [before, input]), graph.scale(gradient, 0.5), zero);
        const toInput = graph.where(graph.node(wins, [input, before]), gradient, tied);
        const toBefore = graph.where(graph.node(wins, [before, input]), gradient, tied);
        gradients.unshift(graph.sumTo(toInput, input));
        gradient = graph.sumTo(toBefore, before);
      }
      return [gradient, ...gradients];
    },
  };
}

export const max = extremum('Max');
export const min = extremum('Min');

export const sum: GradientRule = {
  opType: 'Sum',
  gradient: (context) => context.node.inputs.map((input) => context.graph.sumTo(firstGradient(context), input)),
};

export const mean: GradientRule = {
  opType: 'Mean',
  gradient(context) {
    const { node, graph } = context;
    const share = graph.scale(firstGradient(context), 1 / node.inputs.length);
    return node.inputs.map((input) => graph.sumTo(share, input));
  },
};

/** Where sends the gradient to the branch that was taken. */
export const where: GradientRule = {
  opType: 'Where',
  gradient(context) {
    const { node, graph, needs } = context;
    const [condition, yes, no] = node.inputs;
    const gradient = firstGradient(context);
    const zero = graph.scalar(0, gradient);
    return [
      null,
      needs(1) ? graph.sumTo(graph.where(condition, gradient, zero), yes) : null,
      needs(2) ? graph.sumTo(graph.where(condition, zero, gradient), no) : null,
    ];
  },
};

/** Between its bounds, both included, Clip passes the gradient on; outside it goes to the bound that held. */
export const clip: GradientRule = {
  opType: 'Clip',
  gradient(context) {
    const { node, graph, needs } = context;
    const [x, low, high] = node.inputs;
    const gradient = firstGradient(context);
    const zero = graph.scalar(0, gradient);
    const bound = (value: Value | undefined, attributeName: string): Value | null => {
      if (value) return value;
      const attribute = node.attributes[attributeName];
      return attribute?.kind === 'float' ? graph.scalar(attribute.value, x) : null;
    };
    const [minimum, maximum] = [bound(low, 'min'), bound(high, 'max')];
    const below = minimum === null ? null : graph.node('Less', [x, minimum]);
    const above = maximum === null ? null : graph.node('Greater', [x, maximum]);
    let inside = gradient;
    if (below !== null) inside = graph.where(below, zero, inside);
    if (above !== null) inside = graph.where(above, zero, inside);
    // Where the bounds cross, Clip gives the upper one.
    const toLow = () => graph.where(below!, above === null ? gradient : graph.where(above, zero, gradient), zero);
    return [
      inside,
      low && needs(1) ? graph.sumTo(toLow(), low) : null,
      high && needs(2) ? graph.sumTo(graph.where(above!, gradient, zero), high) : null,
    ];
  },
};

export const pRelu = binary(
  'PRelu',
  ({ graph, node }, g) => {
    const [x, slope] = node.inputs;
    return graph.where(graph.node('Less', [x, graph.scalar(0, x)]), graph.mul(g, slope), g);
  },
  ({ graph, node }, g) => {
    const [x] = node.inputs;
    const zero = graph.scalar(0, x);
    return graph.where(graph.node('Less', [x, zero]), graph.mul(g, x), zero);
  },
);

export const cumSum: GradientRule = {
  opType: 'CumSum',
  gradient(context) {
    const { node, graph } = context;
    const exclusive = node.attributes.exclusive?.kind === 'int' ? node.attributes.exclusive.value : 0;
    const reverse = node.attributes.reverse?.kind === 'int' ? node.attributes.reverse.value : 0;
    // The adjoint of summing forwards is summing backwards.
    return [graph.node('CumSum', [firstGradient(context), node.inputs[1]], { exclusive, reverse: 1 - reverse })];
  },
};

export const trilu: GradientRule = {
  opType: 'Trilu',
  gradient(context) {
    const { node, graph } = context;
    const upper = node.attributes.upper?.kind === 'int' ? node.attributes.upper.value : 1;
    const diagonal = node.inputs[1] ? [node.inputs[1]] : [];
    return [graph.node('Trilu', [firstGradient(context), ...diagonal], { upper })];
  },
};

/** Dropout passes everything on in inference; in training mode its mask would be random. */
export const dropout: GradientRule = {
  opType: 'Dropout',
  gradient(context) {
    const { node, graph } = context;
    const training = node.inputs[2];
    if (training && graph.contents(training)?.[0] !== 0) {
      throw unsupported(node, 'it runs in training mode; export the model in evaluation mode');
    }
    return [firstGradient(context)];
  },
};
