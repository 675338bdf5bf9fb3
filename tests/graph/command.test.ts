import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { differentiateCommand } from '../../src/cli/differentiate';
import { GraphBuilder } from '../../src/graph/builder';
import { readOnnx, writeOnnx } from '../../src/graph/onnx-file';
import { encodeTensorData } from '../../src/graph/tensor-data';

let folder: string;
let model: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'differentiate-'));
  model = join(folder, 'model.onnx');
  const g = new GraphBuilder('square');
  g.input('x', 'float32', [2]);
  g.initializer({ name: 'w', dataType: 'float32', dims: [2], data: encodeTensorData('float32', [1, 2]) });
  const product = g.node('Mul', ['x', 'w']);
  g.output(g.node('ReduceSum', [product], { keepdims: 0 }, 'loss'), 'float32', []);
  await writeFile(model, writeOnnx(g.build()));
});

afterAll(() => rm(folder, { recursive: true }));

test('writes a model with gradients', async () => {
  const said = vi.spyOn(console, 'log').mockReturnValue();
  const out = join(folder, 'grad.onnx');
  await differentiateCommand.run([model, '--loss', 'loss', '--wrt', 'w,x', '--out', out]);
  expect(said.mock.calls.join()).toContain('loss, grad_w, grad_x');
  said.mockRestore();
  const { graph } = readOnnx(await readFile(out));
  expect(graph.inputs.map((info) => info.name)).toEqual(['x', 'w']);
  expect(graph.outputs.map((info) => info.name)).toEqual(['loss', 'grad_w', 'grad_x']);
});

test('puts adapters beside linear layers, and differentiates by them alone', async () => {
  const g = new GraphBuilder('layers');
  let x = g.input('x', 'float32', [1, 2]);
  for (const name of ['layers.0.up.weight', 'layers.1.up.weight', 'head']) {
    g.initializer({ name, dataType: 'float32', dims: [2, 2], data: encodeTensorData('float32', [1, 2, 3, 4]) });
    x = g.node('MatMul', [x, name]);
  }
  g.output(g.node('ReduceSum', [x], { keepdims: 0 }, 'loss'), 'float32', []);
  const layers = join(folder, 'layers.onnx');
  await writeFile(layers, writeOnnx(g.build()));
  const said = vi.spyOn(console, 'log').mockReturnValue();
  const out = join(folder, 'lora.onnx');
  const flags = ['--loss', 'loss', '--rank', '3', '--out', out];
  await differentiateCommand.run([layers, ...flags, '--lora', 'up,head']);
  said.mockRestore();
  const { graph } = readOnnx(await readFile(out));
  const factors = ['layers.0.up', 'layers.1.up', 'head'].flatMap((module) => [
    `${module}.lora_A.weight`,
    `${module}.lora_B.weight`,
  ]);
  expect(graph.inputs.map(({ name }) => name)).toEqual(['x', ...factors]);
  expect(graph.inputs.slice(1, 3).map(({ shape }) => shape)).toEqual([
    [2, 3],
    [3, 2],
  ]);
  expect(graph.outputs.map(({ name }) => name)).toEqual(['loss', ...factors.map((name) => `grad_${name}`)]);
  expect(graph.initializers.map(({ name }) => name)).toContain('head');
  await expect(differentiateCommand.run([layers, ...flags, '--lora', 'down'])).rejects.toThrow(
    /layers\.onnx: no linear layer has a weight named "down"; those of the model have "layers\.0\.up\.weight"/,
  );
});

test('refuses with the file, the name or the flag', async () => {
  const out = join(folder, 'none.onnx');
  const flags = (loss: string, wrt: string) => ['--loss', loss, '--wrt', wrt, '--out', out];
  const cut = join(folder, 'cut.onnx');
  await writeFile(cut, (await readFile(model)).subarray(0, 60));
  const refused = (args: string[]) => expect(differentiateCommand.run(args)).rejects;
  await refused([cut, ...flags('loss', 'w')]).toThrow(/cut\.onnx: not a complete ONNX file/);
  await refused([join(folder, 'absent.onnx'), ...flags('loss', 'w')]).toThrow(/cannot read .*absent\.onnx/);
  await refused([model, ...flags('los', 'w')]).toThrow('no value named "los"');
  await refused([model, ...flags('loss', 'w,v')]).toThrow('no initializer or input named "v"');
  await refused([model, '--loss', 'loss', '--out', out]).toThrow('--wrt is missing');
  await refused([model, '--lost', 'loss']).toThrow('--lost');
  await refused(flags('loss', 'w')).toThrow('give the path of one .onnx file');
  await expect(readFile(out)).rejects.toThrow();
});
