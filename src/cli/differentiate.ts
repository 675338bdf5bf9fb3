/**
 * `lab differentiate`: reads an ONNX model, adds the gradients of one of its values, and writes the result.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { differentiate, gradientName } from '../graph/differentiate';
import type { OnnxModel } from '../graph/model';
import { readOnnx, writeOnnx } from '../graph/onnx-file';
import { type Command, readFlags, required, UsageError } from './command';

const USAGE = `Usage: npm run -s lab -- differentiate MODEL.onnx --loss NAME --wrt a,b,c --out GRAD.onnx

Writes an ONNX model that computes a loss and its gradients (reverse mode).

  MODEL.onnx     the model to differentiate: operator set 11 or newer, weights inside the file
  --loss NAME    a float value of the graph with one element; it need not be a declared output
  --wrt a,b,c    float initializers or graph inputs, separated by commas; may be given several times
  --out FILE     where to write the result

The result has the inputs of the model and the named initializers as further inputs. Its outputs are the loss and
grad_<name> for each name of --wrt, in that name's shape. An operator without a gradient rule between them is refused.`;

/** The names of `--wrt`. A list that is itself the name of a value, commas included, is taken whole. */
function namesIn(lists: readonly string[], model: OnnxModel): string[] {
  const known = new Set([...model.graph.inputs, ...model.graph.initializers].map(({ name }) => name));
  const names = lists.flatMap((list) => (known.has(list) ? [list] : list.split(',').map((name) => name.trim())));
  return names.filter((name) => name !== '');
}

/** What `body` returns; an error of it says before its message what was being done. */
async function during<T>(what: string, body: () => T | Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    throw new Error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = readFlags(
    args,
    { loss: { type: 'string' }, wrt: { type: 'string', multiple: true }, out: { type: 'string' } },
    true,
  );
  if (positionals.length !== 1) {
    throw new UsageError(`give the path of one .onnx file, not ${positionals.length} (${positionals.join(', ')})`);
  }
  const [path] = positionals;
  const loss = required(values.loss, '--loss');
  const lists = values.wrt ?? [];
  required(lists.join(''), '--wrt');
  const out = required(values.out, '--out');

  const bytes = await during(`cannot read ${path}`, () => readFile(path));
  const model = await during(path, () => readOnnx(bytes));
  const wrt = namesIn(lists, model);
  const result = await during(path, () => differentiate(model, { loss, wrt }));
  await during(`cannot write ${out}`, () => writeFile(out, writeOnnx(result)));
  const gradients = [...new Set(wrt)].map(gradientName);
  console.log(`${out}: ${result.graph.nodes.length} nodes; outputs ${[loss, ...gradients].join(', ')}`);
}

export const differentiateCommand: Command = {
  name: 'differentiate',
  summary: 'add the gradients of a value to an ONNX model',
  usage: USAGE,
  run,
};
