/** What every backend must do, told once: the body that the node tests and the browser tests share. */
import { expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { GraphBuilder } from '../../src/graph/builder';
import { writeOnnx } from '../../src/graph/onnx-file';
import { nonFinite } from '../../src/kernels/non-finite';
import { tokenWeights } from '../../src/kernels/token-weights';

/** y = x W + b, and the row sums of an int32 input, for any number of rows. */
export function affineModel(): Uint8Array {
  const graph = new GraphBuilder('affine');
  graph.input('x', 'float32', ['rows', 2]);
  graph.input('w', 'float32', [2, 3]);
  graph.input('b', 'float32', [3]);
  graph.input('ids', 'int32', ['rows']);
  const product = graph.node('MatMul', ['x', 'w']);
  graph.output(graph.node('Add', [product, 'b'], {}, 'y'), 'float32', ['rows', 3]);
  graph.output(graph.node('Add', ['ids', 'ids'], {}, 'twice'), 'int32', ['rows']);
  return writeOnnx(graph.build());
}

/** One operator on one input. */
export function unaryModel(opType: string): Uint8Array {
  const graph = new GraphBuilder(opType);
  graph.input('x', 'float32', [2, 2]);
  graph.output(graph.node(opType, ['x'], {}, 'y'), 'float32', [2, 2]);
  return writeOnnx(graph.build());
}

/** The shared tests. `create` is called once; the backend is disposed of by whoever made it. */
export function describesBackend(create: () => Promise<Backend>): void {
  let made: Promise<Backend> | undefined;
  const get = () => (made ??= create());

  async function affine(backend: Backend, rows: number) {
    const session = await backend.compile('affine', affineModel());
    const x = Float32Array.from({ length: 2 * rows }, (_, i) => i);
    return {
      session,
      inputs: {
        x: backend.allocate('x', 'float32', [rows, 2], x),
        w: backend.allocate('w', 'float32', [2, 3], Float32Array.of(1, 0, 2, 0, 1, -1)),
        b: backend.allocate('b', 'float32', [3], Float32Array.of(10, 20, 30)),
        ids: backend.allocate(
          'ids',
          'int32',
          [rows],
          Int32Array.from({ length: rows }, (_, i) => i - 1),
        ),
      },
      outputs: {
        y: backend.allocate('y', 'float32', [rows, 3]),
        twice: backend.allocate('twice', 'int32', [rows]),
      },
    };
  }

  test('runs a graph from and into tensors that are there, for several sizes of a symbol', async () => {
    const backend = await get();
    for (const rows of [1, 3]) {
      const { session, inputs, outputs } = await affine(backend, rows);
      expect([...session.inputs]).toEqual(['x', 'w', 'b', 'ids']);
      expect([...session.outputs]).toEqual(['y', 'twice']);
      await backend.run(session, inputs, outputs);
      const expected = Array.from({ length: rows }, (_, i) => [10 + 2 * i, 21 + 2 * i, 29 + 2 * i]).flat();
      expect([...(await backend.read(outputs.y))]).toEqual(expected);
      expect([...(await backend.read(outputs.twice))]).toEqual(Array.from({ length: rows }, (_, i) => 2 * i - 2));
      await backend.release(session);
    }
  });

  test('runs that are not awaited are done in order', async () => {
    const backend = await get();
    const { session, inputs, outputs } = await affine(backend, 2);
    const second = backend.allocate('second', 'float32', [2, 3]);
    await Promise.all([
      backend.run(session, inputs, outputs),
      backend.run(session, inputs, { ...outputs, y: second }),
      backend.compile('affine', affineModel()),
    ]);
    expect([...(await backend.read(second))]).toEqual([...(await backend.read(outputs.y))]);
  });

  test('names the tensor that is missing, ill-shaped, of the wrong type, freed, unknown or aliased', async () => {
    const backend = await get();
    const { session, inputs, outputs } = await affine(backend, 2);
    const { x, w, b } = inputs;
    const run = (i: Record<string, typeof x>, o: Record<string, typeof x>) => backend.run(session, i, o);
    await expect(run({ x, w, b }, outputs)).rejects.toThrow('session "affine": input "ids" is missing');
    await expect(run(inputs, { y: outputs.y })).rejects.toThrow('session "affine": output "twice" is missing');
    await expect(run({ ...inputs, w: b }, outputs)).rejects.toThrow(
      'input "w" has shape [2, 3], but the tensor "b" has [3]',
    );
    const three = backend.allocate('three', 'int32', [3]);
    await expect(run({ ...inputs, ids: three }, outputs)).rejects.toThrow('[rows = 2], but the tensor "three" has [3]');
    await expect(run({ ...inputs, b: three }, outputs)).rejects.toThrow('is float32, but the tensor "three" is int32');
    await expect(run({ ...inputs, z: b }, outputs)).rejects.toThrow('has no input "z"');
    await expect(run(inputs, { ...outputs, z: b })).rejects.toThrow('has no output "z"');
    const view = backend.reshape(w, [2, 3]);
    await expect(run(inputs, { ...outputs, y: view })).rejects.toThrow('output "y" and input "w" are the same memory');
    backend.free(outputs.y);
    await expect(run(inputs, outputs)).rejects.toThrow('the tensor "y" was freed');
    await backend.release(session);
    await expect(run(inputs, outputs)).rejects.toThrow('the session "affine" was released');
  });

  test('names the graph that does not compile', async () => {
    const backend = await get();
    await expect(backend.compile('broken', Uint8Array.of(1, 2, 3))).rejects.toThrow(
      /cannot compile the graph "broken": /,
    );
    await expect(backend.compile('unknown', unaryModel('Frobnicate'))).rejects.toThrow(/"unknown": .*Frobnicate/s);
  });

  test('writes, copies, reshapes and reads; bytes read are counted', async () => {
    const backend = await get();
    const zero = backend.allocate('zero', 'uint32', [2, 2]);
    expect([...(await backend.read(zero))]).toEqual([0, 0, 0, 0]);
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    const a = backend.allocate('a', 'float32', [6], data);
    data.fill(0);
    const view = backend.reshape(a, [2, 3]);
    expect(view.shape).toEqual([2, 3]);
    const target = backend.allocate('target', 'float32', [3, 2]);
    backend.copy(view, target);
    backend.copy(target, target);
    backend.write(a, Float32Array.of(9, 9, 9, 9, 9, 9));
    const before = backend.bytesRead;
    expect([...(await backend.read(target))]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...(await backend.read(view))]).toEqual([9, 9, 9, 9, 9, 9]);
    expect(backend.bytesRead - before).toBe(48);
    expect([...(await backend.read(target, 2))]).toEqual([1, 2]);
    expect([...(await backend.read(target, 0))]).toEqual([]);
    expect(backend.bytesRead - before).toBe(56);
    await expect(backend.read(target, 7)).rejects.toThrow('tensor "target" has 6 elements; 7 of them cannot be read');
    expect(() => backend.copy(a, zero)).toThrow(/cannot copy "a" \(float32, 6 elements\) to "zero" \(uint32, 4/);
    expect(() => backend.write(a, new Float32Array(5))).toThrow('tensor "a" has 6 elements, but was given 5');
    expect(() => backend.write(a, new Int32Array(6))).toThrow('tensor "a" is float32, but was given int32 data');
    expect(() => backend.reshape(a, [4])).toThrow(/cannot take the shape \[4\]/);
    expect(() => backend.allocate('bad', 'float32', [2, -1])).toThrow(/"bad" has shape \[2, -1\]/);
    backend.free(view);
    await expect(backend.read(a)).rejects.toThrow('the tensor "a" was freed');
  });

  test('dispatches kernels in order, and refuses what does not fit', async () => {
    const backend = await get();
    const mask = backend.allocate('mask', 'float32', [2, 2], Float32Array.of(1, 1, 1, 0));
    const finished = backend.allocate('finished', 'uint32', [2], Uint32Array.of(1, 1));
    const weights = backend.allocate('weights', 'float32', [2, 2]);
    const parameters = { rows: 2, max_completion: 2, loss_type: 0, mask_truncated: 0 };
    backend.dispatch(tokenWeights, { mask, finished, weights }, parameters);
    const twice = backend.allocate('twice', 'float32', [2, 2]);
    backend.dispatch(tokenWeights, { mask: weights, finished, weights: twice }, { ...parameters, loss_type: 2 });
    expect([...(await backend.read(weights))]).toEqual([0.25, 0.25, 0.5, 0]);
    expect([...(await backend.read(twice))]).toEqual([0.0625, 0.0625, 0.125, 0]);
    const dispatch = (buffers: Partial<Record<'mask' | 'finished' | 'weights', typeof mask>>, values = {}) =>
      backend.dispatch(tokenWeights, { mask, finished, weights, ...buffers }, { ...parameters, ...values });
    expect(() => dispatch({ weights: mask })).toThrow('"mask" and "weights" are the same memory');
    expect(() => dispatch({ finished: mask })).toThrow('"finished" is uint32, but the tensor "mask" is float32');
    expect(() => dispatch({}, { rows: 3 })).toThrow(/"mask" has 4 elements, but the parameters need 6/);
    expect(() => dispatch({}, { rows: 1.5 })).toThrow('the parameter "rows" must be uint32, not 1.5');
    // A graph's output is seen by a kernel, and a kernel's by a graph.
    const { session, inputs, outputs } = await affine(backend, 2);
    backend.write(inputs.b, Float32Array.of(1, Number.NaN, 1));
    await backend.run(session, inputs, outputs);
    const flags = backend.allocate('flags', 'uint32', [2]);
    backend.dispatch(nonFinite, { values: outputs.y, flags }, { count: 6, slot: 0 });
    expect([...(await backend.read(flags))]).toEqual([2, 1]);
  });

  test('tells a tensor or session of another backend', async () => {
    const backend = await get();
    const stranger = { label: 'stranger', dtype: 'float32', shape: [1] } as const;
    await expect(backend.read(stranger)).rejects.toThrow('the tensor "stranger" belongs to another backend');
    await expect(backend.run({ label: 's', inputs: [], outputs: [] }, {}, {})).rejects.toThrow(
      /session "s" was released/,
    );
  });
}
