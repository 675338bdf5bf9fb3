import { expect, test } from 'vitest';
import { KERNELS } from '../../src/kernels/registry';

/** What WGSL calls the element types of the host's arrays; floats may be taken as bits, and integers as atomics. */
const ELEMENTS = {
  float32: ['f32', 'u32'],
  int32: ['i32'],
  uint32: ['u32', 'atomic<u32>'],
};
const SCALARS = { float32: 'f32', int32: 'i32', uint32: 'u32' };

/** WGSL reserves words such as `patch` and `active`; its twins of these end in an underscore. */
const plainName = (name: string) => name.replace(/_$/, '');

test('kernels have names of their own', () => {
  expect(new Set(KERNELS.map(({ name }) => name)).size).toBe(KERNELS.length);
});

test.each(KERNELS)('$name: the WGSL declares the bindings and parameters of the TypeScript', (kernel) => {
  const declared = [...kernel.wgsl.matchAll(/@binding\((\d+)\) var<storage, (\w+)> (\w+): array<(.+)>;/g)];
  expect(declared.map(([, index, access, name]) => [Number(index), access, plainName(name)])).toEqual(
    kernel.bindings.map(({ name, access }, index) => [index + 1, access, name]),
  );
  declared.forEach(([, , , , element], index) => {
    expect(ELEMENTS[kernel.bindings[index].dtype]).toContain(element);
  });
  const [, block] = /struct Parameters \{([^}]*)\}/.exec(kernel.wgsl) ?? [];
  const fields = [...block.matchAll(/(\w+): (\w+),/g)].map(([, name, type]) => [plainName(name), type]);
  expect(fields).toEqual(kernel.parameters.map(({ name, dtype }) => [name, SCALARS[dtype]]));
  expect(kernel.wgsl).toContain('@group(0) @binding(0) var<uniform> parameters: Parameters;');
});

test.each(KERNELS)("$name: the WGSL keeps within WebGPU's default limits and says what it is", (kernel) => {
  expect(kernel.bindings.length).toBeLessThanOrEqual(8);
  expect(kernel.wgsl).toMatch(/^\/\/ [A-Z]/);
  expect(kernel.wgsl).toContain('Definition: src/kernels/');
  expect(kernel.wgsl).not.toMatch(/\t|enable subgroups/);
});
