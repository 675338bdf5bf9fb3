/** All gradient rules, one line each or a list of a family. To add one: write it, and name it here. */
import type { OnnxNode } from '../model';
import * as arithmetic from './arithmetic';
import { conv, convTranspose } from './convolution';
import { einsum } from './einsum';
import * as indexing from './indexing';
import * as losses from './losses';
import * as normalization from './normalization';
import * as pooling from './pooling';
import * as products from './products';
import * as reductions from './reductions';
import { resize } from './resize';
import type { GradientRule } from './rule';
import * as shaping from './shaping';
import * as softmax from './softmax';
import { unaryRules } from './unary';
import * as windows from './windows';

/** The rules, by family. */
export const GRADIENT_RULES: readonly GradientRule[] = [
  ...Object.values(arithmetic),
  ...unaryRules,
  ...Object.values(shaping),
  ...Object.values(indexing),
  ...Object.values(windows),
  ...Object.values(products),
  einsum,
  ...Object.values(reductions),
  ...Object.values(softmax),
  ...Object.values(losses),
  ...Object.values(normalization),
  conv,
  convTranspose,
  ...Object.values(pooling),
  resize,
];

const byOperator = new Map(GRADIENT_RULES.map((rule) => [`${rule.domain ?? ''}:${rule.opType}`, rule]));

/** The rule for a node's operator; undefined when there is none. */
export function ruleFor(node: OnnxNode): GradientRule | undefined {
  return byOperator.get(`${node.domain}:${node.opType}`);
}
