/**
 * Checks gradients against central finite differences of fourth order, (8(f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h. In
 * double precision h = 1e-3 and the tolerance is 1e-7; where onnxruntime-node has no double kernel h = 0.05 and the
 * tolerance is 2e-3, relative to the larger of 1 and the gradient.
 */
import * as ort from 'onnxruntime-node';
import { differentiate, gradientName } from '../../src/graph/differentiate';
import type { OnnxModel } from '../../src/graph/model';
import { writeOnnx } from '../../src/graph/onnx-file';
import { inferShapes } from '../../src/graph/shapes';
import { stream } from '../../src/random';
import { type GradientCase, modelOf, type Operand, type Precision } from './gradient-case';

const STEP = { float64: 1e-3, float32: 0.05 } as const;
export const TOLERANCE = { float64: 1e-7, float32: 2e-3 } as const;

/**
 * One thread a session: the graphs are small and many. Basic optimizations alone: the extended ones fuse x * Sigmoid(x), a
 * Mul and a Sigmoid of double precision, into a QuickGelu that onnxruntime-node has for single precision only.
 */
function createSession(model: Uint8Array): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'basic',
    logSeverityLevel: 3,
  });
}

export type Feeds = Record<string, ort.Tensor>;

export function tensor(precision: Precision, values: readonly number[], dims: readonly number[]): ort.Tensor {
  return precision === 'float64'
    ? new ort.Tensor('float64', Float64Array.from(values), [...dims])
    : new ort.Tensor('float32', Float32Array.from(values), [...dims]);
}

function draw(name: string, operand: Operand): number[] {
  const { dims, low = -1, high = 1 } = operand;
  const random = stream(7, name);
  const count = dims.reduce((product, size) => product * size, 1);
  return operand.values === undefined
    ? Array.from({ length: count }, () => random.uniform(low, high))
    : [...operand.values];
}

export interface Comparison {
  /** The largest error of any element, relative to the larger of 1 and the gradient. */
  readonly error: number;
  readonly where: string;
}

/** Compares the gradients of `model`'s loss with finite differences at `feeds`. */
export async function compare(
  model: OnnxModel,
  feeds: Feeds,
  wrt: readonly string[],
  precision: Precision,
): Promise<Comparison> {
  const forward = await createSession(writeOnnx(model));
  const backward = await createSession(writeOnnx(differentiate(model, { loss: 'loss', wrt })));
  const results = await backward.run(feeds);
  const h = STEP[precision];
  let worst: Comparison = { error: 0, where: '' };
  for (const name of wrt) {
    const gradient = results[gradientName(name)];
    if (gradient.dims.join() !== feeds[name].dims.join()) {
      return { error: Infinity, where: `${name}: gradient of shape [${gradient.dims}] for [${feeds[name].dims}]` };
    }
    const values = [...(feeds[name].data as Float64Array)];
    for (let i = 0; i < values.length; i++) {
      const at = async (offset: number) => {
        const moved = { ...feeds, [name]: tensor(precision, values.with(i, values[i] + offset), feeds[name].dims) };
        return Number((await forward.run(moved, ['loss'])).loss.data[0]);
      };
      const near = (await at(h)) - (await at(-h));
      const far = (await at(2 * h)) - (await at(-2 * h));
      const expected = (8 * near - far) / (12 * h);
      const actual = Number(gradient.data[i]);
      const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
      if (!(error <= worst.error)) worst = { error, where: `${name}[${i}]: ${actual} instead of ${expected}` };
    }
  }
  return worst;
}

/** Runs a case: inferred shapes against real ones, then gradients against finite differences. */
export async function check(test: GradientCase): Promise<Comparison> {
  const precision = test.precision ?? 'float64';
  const model = modelOf(test, precision);
  const feeds: Feeds = {};
  for (const [name, operand] of Object.entries(test.operands)) {
    feeds[name] = tensor(precision, draw(name, operand), operand.dims);
  }
  const session = await createSession(writeOnnx(withoutLoss(model)));
  const result = model.graph.outputs[1].name;
  const { dims, size } = (await session.run(feeds))[result];
  const inferred = inferShapes(model).get(result)?.shape ?? null;
  const wrong =
    inferred === null ||
    inferred.length !== dims.length ||
    inferred.some((known, axis) => typeof known === 'number' && known !== dims[axis]);
  if (wrong) return { error: Infinity, where: `inferred shape [${inferred?.join()}] instead of [${dims.join()}]` };
  feeds.weights = tensor(
    precision,
    Array.from({ length: size }, (_, i) => Math.cos(1 + 2.3 * i)),
    [size],
  );
  return compare(model, feeds, Object.keys(test.operands), precision);
}

function withoutLoss(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const nodes = graph.nodes.slice(0, -2);
  return { ...model, graph: { ...graph, inputs: graph.inputs.slice(0, -1), outputs: graph.outputs.slice(1), nodes } };
}
