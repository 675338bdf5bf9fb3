/** Sums over processes: what each is given, and what its tensors then hold. */
import { expect, test } from 'vitest';
import { createNodeBackend } from '../../src/backends/node';
import { ALONE, PeerSum } from '../../src/training/peers';

test('tensors and figures become those of all processes, scaled, time after time', async () => {
  const backend = await createNodeBackend();
  const tensors = [backend.allocate('a', 'float32', [2]), backend.allocate('b', 'float32', [1, 3])];
  const given: number[][] = [];
  // Another process that has the same to add, and one more to each.
  const peers = {
    ...ALONE,
    size: 2,
    sum: (values: Float32Array) => {
      given.push([...values]);
      return Promise.resolve(values.map((value) => 2 * value + 1));
    },
  };
  const sum = new PeerSum(backend, tensors, peers);
  for (const scale of [1, 0.5]) {
    backend.write(tensors[0], Float32Array.of(1, -2));
    backend.write(tensors[1], Float32Array.of(3, 4, 0.5));
    expect(await sum.update([10], scale)).toEqual([21 * scale]);
    expect([...(await backend.read(tensors[0]))]).toEqual([3 * scale, -3 * scale]);
    expect([...(await backend.read(tensors[1]))]).toEqual([7 * scale, 9 * scale, 2 * scale]);
  }
  expect(given).toEqual([
    [10, 1, -2, 3, 4, 0.5],
    [10, 1, -2, 3, 4, 0.5],
  ]);
  expect([...(await ALONE.sum(Float32Array.of(1, 2)))]).toEqual([1, 2]);
  await backend.dispose();
});
