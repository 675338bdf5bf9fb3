/**
 * The gradient of Einsum: for each operand, the Einsum of the gradient with the other operands. Letters that only that
 * operand has were summed over, so its gradient is broadcast along them.
 */
import { stringAttribute } from '../attributes';
import { einsumTerms } from '../inference/contraction';
import { firstGradient, type GradientRule, unsupported } from './rule';

export const einsum: GradientRule = {
  opType: 'Einsum',
  gradient(context) {
    const { node, graph, needs } = context;
    const gradient = firstGradient(context);
    const terms = einsumTerms(
      stringAttribute(node, 'equation', ''),
      node.inputs.map((input) => graph.rank(input)),
    );
    if (terms === null) throw unsupported(node, 'an ellipsis together with upper-case letters');
    if (terms.inputs.some((term) => new Set(term).size < term.length)) {
      throw unsupported(node, 'a letter that occurs twice in one operand (a diagonal)');
    }
    return node.inputs.map((input, index) => {
      if (!needs(index)) return null;
      const own = terms.inputs[index];
      const others = terms.inputs.filter((_, other) => other !== index);
      const available = new Set([terms.output, ...others].join(''));
      const kept = [...own].filter((letter) => available.has(letter)).join('');
      const equation = `${[terms.output, ...others].join(',')}->${kept}`;
      const operands = [gradient, ...node.inputs.filter((_, other) => other !== index)];
      const part = graph.node('Einsum', operands, { equation });
      const lost = [...own].flatMap((letter, axis) => (available.has(letter) ? [] : [axis]));
      const whole = graph.expand(
        graph.unsqueeze(part, lost),
        graph
          .extentsOf(graph.unsqueeze(part, lost))
          .map((extent, axis) => (lost.includes(axis) ? graph.extent(input, axis) : extent)),
      );
      // An ellipsis broadcasts: sizes that grew are summed.
      return graph.sumTo(whole, input);
    });
  },
};
