import { describe, expect, test } from 'vitest';
import { createNodeBackend } from '../../src/backends/node';
import { affineModel, describesBackend } from './support';

describe('node', () => {
  describesBackend(() => createNodeBackend({ threads: 1 }));

  test('says what it runs on', async () => {
    const { description } = await createNodeBackend({ threads: 2 });
    expect(description).toMatchObject({ kind: 'node', notice: null, limits: { threads: 2 } });
    expect(description.runtime).toMatch(/^onnxruntime-node \d/);
    await expect(createNodeBackend({ threads: -1 })).rejects.toThrow(
      'threads must be a whole number from 0 on, not -1',
    );
  });

  test('frees everything when disposed of', async () => {
    const backend = await createNodeBackend();
    const session = await backend.compile('affine', affineModel());
    const tensor = backend.allocate('a', 'float32', [1]);
    await backend.dispose();
    await expect(backend.read(tensor)).rejects.toThrow('the tensor "a" was freed');
    await expect(backend.run(session, {}, {})).rejects.toThrow('was released');
  });
});
