/**
 * What a surrogate is: the part of a loss type that pushes completions up or down by their advantages, as a piece of the
 * training graph.
 */
import type { GraphBuilder, Value } from '../../graph/builder';

/** Values of the graph, [tokens, 1] each, and scalars [1]. */
export interface SurrogateInputs {
  readonly g: GraphBuilder;
  /** Policy over sampling policy: of the token, or of its completion at the sequence level. */
  readonly ratio: Value;
  readonly logProbability: Value;
  readonly advantage: Value;
  /** Whether advantages are above 0, and below: 1 or 0. */
  readonly positive: Value;
  readonly negative: Value;
  /** Declares a scalar of the config as an input of the graph. */
  scalar(name: 'epsilon' | 'epsilon_high' | 'delta' | 'sapo_temperature_pos' | 'sapo_temperature_neg'): Value;
}

export interface Surrogate {
  /** The loss of each token. */
  readonly loss: Value;
  /** 1 where clipping takes the gradient away, 0 elsewhere; left out where nothing is clipped on that side. */
  readonly clippedLow?: Value;
  readonly clippedHigh?: Value;
  /** Names of values that gradients do not pass. */
  readonly constants: readonly string[];
}

/** 1 where `condition` holds, 0 elsewhere. */
export function indicator(g: GraphBuilder, condition: Value): Value {
  return g.node('Cast', [condition], { to: 1 });
}
