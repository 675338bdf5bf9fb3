/** Shapes of operators that work element by element, with the contents of small integer tensors carried along. */
import { intAttribute } from '../attributes';
import { product, quotient, type Size } from '../dimensions';
import { DATA_TYPES, type DataType } from '../model';
import { broadcastShapes, type Fact, type InferenceContext, type InferenceRule, UNKNOWN } from './rule';

const same: InferenceRule = (context) => {
  const { dataType, shape } = context.input(0) ?? UNKNOWN;
  return context.node.outputs.map(() => ({ dataType, shape }));
};

const identity: InferenceRule = (context) => [context.input(0) ?? UNKNOWN];

/** Operators whose outputs have the type and shape of their first input. */
const UNARY = [
  'Abs Acos Acosh Asin Asinh Atan Atanh Ceil Celu Cos Cosh CumSum Elu Erf Exp Floor Gelu',
  'HardSigmoid HardSwish Hardmax LeakyRelu Log LogSoftmax Mish Reciprocal Relu Round Selu Shrink',
  'Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu Trilu',
  'BitwiseNot Clip LpNormalization MeanVarianceNormalization LRN QuickGelu FastGelu',
  'RandomNormalLike RandomUniformLike EyeLike',
].flatMap((line) => line.split(' '));

type Pairing = (a: Size, b: Size) => Size | null;

const bothNumbers =
  (combine: (a: number, b: number) => number): Pairing =>
  (a, b) =>
    typeof a === 'number' && typeof b === 'number' ? combine(a, b) : null;

/** Contents of an elementwise combination of tensors of rank 0 or 1. */
function combineElements(facts: readonly (Fact | undefined)[], pair: Pairing): readonly (Size | null)[] | undefined {
  const columns = facts.map((fact) => fact?.elements);
  if (!columns.every((column) => column !== undefined)) return undefined;
  if (facts.some((fact) => fact?.shape === null || (fact?.shape.length ?? 0) > 1)) return undefined;
  const length = Math.max(...columns.map((column) => column.length));
  if (columns.some((column) => column.length !== length && column.length !== 1)) return undefined;
  return Array.from({ length }, (_, i) =>
    columns
      .map((column) => column[column.length === 1 ? 0 : i])
      .reduce((a, b) => (a === null || b === null ? null : pair(a, b))),
  );
}

function broadcasting(pair: Pairing | null, dataType?: DataType): InferenceRule {
  return (context) => {
    const facts = context.node.inputs.map((_, index) => context.input(index) ?? UNKNOWN);
    const elements = pair === null ? undefined : combineElements(facts, pair);
    return [
      {
        dataType: dataType ?? facts.find((fact) => fact.dataType !== null)?.dataType ?? null,
        shape: broadcastShapes(
          context,
          facts.map((fact) => fact.shape),
        ),
        ...(elements !== undefined && { elements }),
      },
    ];
  };
}

const truth = (value: boolean) => (value ? 1 : 0);

const equal: Pairing = (a, b) => {
  if (a === b) return 1;
  if (typeof a === 'number' && typeof b === 'number') return 0;
  // A dimension is never negative.
  return (typeof a === 'number' && a < 0) || (typeof b === 'number' && b < 0) ? 0 : null;
};

const multiply: Pairing = (a, b) => {
  // A symbol stands for a size: with a negative factor it would no longer be one.
  if (
    (typeof a === 'number' && a < 0 && typeof b === 'string') ||
    (typeof b === 'number' && b < 0 && typeof a === 'string')
  )
    return null;
  return typeof a === 'number' && typeof b === 'number' ? a * b : product([a, b]);
};

/** Integer division truncates; of dimensions only exact quotients are followed. */
function divide(context: InferenceContext): Fact[] {
  const integers = context.input(0)?.dataType === 'int64' || context.input(0)?.dataType === 'int32';
  const pair: Pairing = (a, b) => {
    if (typeof a !== 'number' || typeof b !== 'number') return quotient(a, b);
    if (b === 0) return null;
    return integers ? Math.trunc(a / b) : a / b;
  };
  return [...broadcasting(pair)(context)];
}

const add: Pairing = (a, b) => {
  if (a === 0) return b;
  if (b === 0) return a;
  return typeof a === 'number' && typeof b === 'number' ? a + b : null;
};

const subtract: Pairing = (a, b) => {
  if (b === 0) return a;
  return typeof a === 'number' && typeof b === 'number' ? a - b : a === b ? 0 : null;
};

const where: InferenceRule = (context) => {
  const [condition, yes, no] = [0, 1, 2].map((index) => context.input(index) ?? UNKNOWN);
  const shape = broadcastShapes(context, [condition.shape, yes.shape, no.shape]);
  const columns = [condition.elements, yes.elements, no.elements];
  const dataType = yes.dataType ?? no.dataType;
  if (shape === null || shape.length > 1 || !columns.every((column) => column !== undefined)) {
    return [{ dataType, shape }];
  }
  const length = Math.max(...columns.map((column) => column.length));
  const elements = Array.from({ length }, (_, i) => {
    const [test, whenTrue, whenFalse] = columns.map((column) => column[column.length === 1 ? 0 : i]);
    return test === null ? null : test === 0 ? whenFalse : whenTrue;
  });
  return [{ dataType, shape, elements }];
};

const cast: InferenceRule = (context) => {
  const number = intAttribute(context.node, 'to', 0);
  const dataType = (Object.keys(DATA_TYPES) as DataType[]).find((name) => DATA_TYPES[name] === number) ?? null;
  const { shape, elements } = context.input(0) ?? UNKNOWN;
  const whole = dataType !== null && !dataType.startsWith('float');
  const converted = elements?.map((element) => {
    if (typeof element !== 'number') return element;
    return dataType === 'bool' ? truth(element !== 0) : whole ? Math.trunc(element) : element;
  });
  return [{ dataType, shape, ...(converted !== undefined && dataType !== 'bool' && { elements: converted }) }];
};

const castLike: InferenceRule = (context) => [
  { dataType: context.input(1)?.dataType ?? null, shape: context.input(0)?.shape ?? null },
];

const dropout: InferenceRule = (context) => {
  const data = context.input(0) ?? UNKNOWN;
  return [data, { dataType: context.opset >= 10 ? 'bool' : data.dataType, shape: data.shape }];
};

const test: InferenceRule = (context) => [{ dataType: 'bool', shape: context.input(0)?.shape ?? null }];

const negate: InferenceRule = (context) => {
  const { dataType, shape, elements } = context.input(0) ?? UNKNOWN;
  const negated = elements?.map((element) => (typeof element === 'number' ? -element : null));
  return [{ dataType, shape, ...(negated !== undefined && { elements: negated }) }];
};

export const ELEMENTWISE_INFERENCE: Readonly<Record<string, InferenceRule>> = {
  ...Object.fromEntries(UNARY.map((opType) => [opType, same])),
  Identity: identity,
  Add: broadcasting(add),
  Sub: broadcasting(subtract),
  Mul: broadcasting(multiply),
  Div: divide,
  Pow: (context) => [{ ...broadcasting(null)(context)[0], dataType: context.input(0)?.dataType ?? null }],
  PRelu: broadcasting(null),
  Mod: broadcasting(bothNumbers((a, b) => ((a % b) + b) % b)),
  Max: broadcasting(bothNumbers(Math.max)),
  Min: broadcasting(bothNumbers(Math.min)),
  Sum: broadcasting(bothNumbers((a, b) => a + b)),
  Mean: broadcasting(null),
  Equal: broadcasting(equal, 'bool'),
  Greater: broadcasting(
    bothNumbers((a, b) => truth(a > b)),
    'bool',
  ),
  GreaterOrEqual: broadcasting(
    bothNumbers((a, b) => truth(a >= b)),
    'bool',
  ),
  Less: broadcasting(
    bothNumbers((a, b) => truth(a < b)),
    'bool',
  ),
  LessOrEqual: broadcasting(
    bothNumbers((a, b) => truth(a <= b)),
    'bool',
  ),
  And: broadcasting(
    bothNumbers((a, b) => a & b),
    'bool',
  ),
  Or: broadcasting(
    bothNumbers((a, b) => a | b),
    'bool',
  ),
  Xor: broadcasting(
    bothNumbers((a, b) => a ^ b),
    'bool',
  ),
  Not: test,
  IsNaN: test,
  IsInf: test,
  Neg: negate,
  Where: where,
  Cast: cast,
  CastLike: castLike,
  Dropout: dropout,
};
