import { expect, test } from 'vitest';
import { createWebGpuBackend } from '../../src/backends/webgpu';
import { unaryModel } from './support';

test('a lost device rejects the run under way and whatever comes after, with the reason', async () => {
  const backend = await createWebGpuBackend();
  const session = await backend.compile('exp', unaryModel('Exp'));
  const x = backend.allocate('x', 'float32', [2, 2]);
  const y = backend.allocate('y', 'float32', [2, 2]);
  const run = () => backend.run(session, { x }, { y });
  await run();
  const underWay = expect(run()).rejects.toThrow(/session "exp": the GPU device was lost \(destroyed\)/);
  backend.device.destroy();
  expect(await backend.lost).toMatch(/the GPU device was lost \(destroyed\)/);
  await underWay;
  await expect(run()).rejects.toThrow(/device was lost/);
  await expect(backend.read(y)).rejects.toThrow(/device was lost/);
  await expect(backend.compile('exp', unaryModel('Exp'))).rejects.toThrow(/device was lost/);
  expect(() => backend.allocate('z', 'float32', [1])).toThrow(/device was lost/);
  await backend.dispose();

  // The page can go on with another device.
  const next = await createWebGpuBackend();
  const again = await next.compile('exp', unaryModel('Exp'));
  const result = next.allocate('y', 'float32', [2, 2]);
  await next.run(again, { x: next.allocate('x', 'float32', [2, 2]) }, { y: result });
  expect([...(await next.read(result))]).toEqual([1, 1, 1, 1]);
  await next.dispose();
  expect(await next.lost).toBe('the backend was disposed of');
  await expect(next.read(result)).rejects.toThrow('the backend was disposed of');
});
