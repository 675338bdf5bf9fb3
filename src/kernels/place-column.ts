/**
 * Puts one column into a tensor of many: what generation keeps each step's keys and values with, so that a step writes
 * what is new and not whole caches.
 */
import wgsl from '../../shaders/place-column.wgsl?raw';
import { defineKernel } from './kernel';
import { invocationGrid, requireLength, requireThat } from './sizes';

/** `values`: [outer, inner]. `target`: [outer, columns, inner], of which column `column` is written. */
export const placeColumn = defineKernel({
  name: 'place-column',
  wgsl,
  bindings: [
    { name: 'values', dtype: 'float32', access: 'read' },
    { name: 'target', dtype: 'float32', access: 'read_write' },
  ],
  parameters: [
    { name: 'outer', dtype: 'uint32' },
    { name: 'columns', dtype: 'uint32' },
    { name: 'inner', dtype: 'uint32' },
    { name: 'column', dtype: 'uint32' },
  ],
  check(lengths, { outer, columns, inner, column }) {
    requireThat(this.name, column < columns, `column (${column}) must be below columns (${columns})`);
    requireLength(this.name, 'values', lengths.values, outer * inner);
    requireLength(this.name, 'target', lengths.target, outer * columns * inner);
  },
  dispatches: ({ outer, inner }) => [invocationGrid('main', outer * inner)],
  reference({ values, target }, { outer, columns, inner, column }) {
    for (let row = 0; row < outer; row++) {
      const [from, to] = [row * inner, (row * columns + column) * inner];
      for (let i = 0; i < inner; i++) target[to + i] = values[from + i];
    }
  },
});
