/**
 * `lab differentiate`: reads an ONNX model, adds the gradients of one of its values, and writes the result.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { differentiate, gradientName } from '../graph/differentiate';
import { adapterOf, targetedWeights, withAdapters } from '../graph/low-rank-adapters';
import type { OnnxModel } from '../graph/model';
import { readOnnx, writeOnnx } from '../graph/onnx-file';
import { type Command, readFlags, required, UsageError, wholeNumber } from './command';

const USAGE = `Usage: npm run -s lab -- differentiate MODEL.onnx --loss NAME --wrt a,b,c --out GRAD.onnx
       npm run -s lab -- differentiate MODEL.onnx --loss NAME --lora a,b,c [--rank N] [--alpha N] --out GRAD.onnx

Writes an ONNX model that computes a loss and its gradients (reverse mode).

  MODEL.onnx     the model to differentiate: operator set 11 or newer, weights inside the file
  --loss NAME    a float value of the graph with one element; it need not be a declared output
  --wrt a,b,c    float initializers or graph inputs, separated by commas; may be given several times
  --lora a,b,c   linear layers to put low-rank adapters beside, and to differentiate by these: weights by their names, or
                 modules as in PEFT's target_modules (q_proj stands for every module whose name ends so)
  --rank N       rank of the adapters (8)
  --alpha N      adapters are scaled by alpha / rank (8)
  --out FILE     where to write the result

The result has the inputs of the model and the named initializers as further inputs. Its outputs are the loss and
grad_<name> for each name of --wrt, in that name's shape. An operator without a gradient rule between them is refused.
With --lora the weights stay inside, and {module}.lora_A.weight [in, rank] and {module}.lora_B.weight [rank, out] are
inputs; while B is 0 the model computes what it did.`;

/** The names in lists such as `--wrt`'s. A list that is itself the name of a value, commas included, is taken whole. */
function namesIn(lists: readonly string[], model: OnnxModel): string[] {
  const known = new Set([...model.graph.inputs, ...model.graph.initializers].map(({ name }) => name));
  const names = lists.flatMap((list) => (known.has(list) ? [list] : list.split(',').map((name) => name.trim())));
  return names.filter((name) => name !== '');
}

/** The model with adapters beside the layers that `targets` name, and the names of their matrices. */
function adapt(model: OnnxModel, targets: readonly string[], rank: number, alpha: number) {
  const adapters = targetedWeights(model, targets).map(({ name }) => adapterOf(name, rank, alpha / rank));
  return { adapted: withAdapters(model, adapters), factors: adapters.flatMap(({ a, b }) => [a, b]) };
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
    {
      loss: { type: 'string' },
      wrt: { type: 'string', multiple: true },
      lora: { type: 'string', multiple: true },
      rank: { type: 'string', default: '8' },
      alpha: { type: 'string', default: '8' },
      out: { type: 'string' },
    },
    true,
  );
  if (positionals.length !== 1) {
    throw new UsageError(`give the path of one .onnx file, not ${positionals.length} (${positionals.join(', ')})`);
  }
  const [path] = positionals;
  const loss = required(values.loss, '--loss');
  const { wrt: lists = [], lora = [] } = values;
  if (lora.length === 0) required(lists.join(''), '--wrt');
  const rank = wholeNumber(values.rank, '--rank', 1);
  const alpha = wholeNumber(values.alpha, '--alpha', 1);
  const out = required(values.out, '--out');

  const bytes = await during(`cannot read ${path}`, () => readFile(path));
  const model = await during(path, () => readOnnx(bytes));
  const { adapted, factors } = await during(path, () => adapt(model, namesIn(lora, model), rank, alpha));
  const wrt = [...namesIn(lists, model), ...factors];
  const result = await during(path, () => differentiate(adapted, { loss, wrt }));
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
