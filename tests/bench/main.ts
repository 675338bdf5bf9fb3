/**
 * The benchmark: `npm run bench`. Prints tables of what a step costs, how a training step compares with other libraries'
 * and how far the reward kernels are from the hardware; all on one adapter, in one run. Nothing here is a test.
 */
import { cpus } from 'node:os';
import { readFlags, UsageError } from '../../src/cli/command';
import { createNodeBackend } from '../../src/backends/node';
import { softwareFrames } from '../../src/training/frames';
import { type BenchBrowser, openBrowser } from './browser';
import type { KernelTimes } from './kernels';
import { PEER_NAMES, type PeerTimes } from './peers/measure';
import { type BenchSize, SIZES } from './sizes';
import { PHASES, type StepTimes, timeSteps } from './step';
import { digits, table } from './table';

const SECTIONS = ['step', 'peers', 'kernels'] as const;
const BACKENDS = ['webgpu', 'wasm', 'node'] as const;
const COMPLETIONS = [1e3, 1e4, 1e5, 1e6];
/** Relative difference that two libraries' losses may have. */
const LOSS_TOLERANCE = 1e-3;

const USAGE = `Usage: npm run bench -- [flags]

Measures, on one adapter:
  step     a GRPO step's time by phase: render, generate, reward and advantage, update
  peers    one training step of the same transformer in this lab, jax-js and TensorFlow.js
  kernels  the reward and advantage kernels against their CPU reference and a buffer copy

Flags:
  --only LIST       some of the sections: ${SECTIONS.join(',')}
  --backend LIST    some of the backends of "step": ${BACKENDS.join(',')}
  --size NAME       ${Object.keys(SIZES).join(' or ')}; small (default) suits a software GPU, medium is the page's policy`;

/** The names of a comma-separated flag, all of `known` by default. */
function list<T extends string>(value: string | undefined, flag: string, known: readonly T[]): readonly T[] {
  if (value === undefined) return known;
  return value.split(',').map((name) => {
    const found = known.find((candidate) => candidate === name);
    if (found === undefined) throw new UsageError(`${flag}: "${name}" is not one of ${known.join(', ')}`);
    return found;
  });
}

async function nodeSteps({ config, grpoSteps }: BenchSize): Promise<StepTimes> {
  const backend = await createNodeBackend();
  const times = await timeSteps(backend, softwareFrames(backend, config.policy.frame_size), config, grpoSteps);
  await backend.dispose();
  return times;
}

async function stepSection(
  browser: BenchBrowser,
  size: BenchSize,
  backends: readonly (typeof BACKENDS)[number][],
): Promise<void> {
  const { policy, grpo } = size.config;
  console.log(`\n## A GRPO step by phase

${policy.layers} layers of width ${policy.dim}, frames of ${policy.frame_size} pixels, ${grpo.prompts_per_step} prompts of \
${grpo.num_generations} completions of up to ${grpo.max_completion_length} tokens, ${grpo.num_iterations} update. Median of \
${size.grpoSteps} steps, seconds.
On WebGPU a phase ends when its commands are submitted and its small reads are back: what nobody has waited for yet,
such as the last of a render, counts where it is waited for.\n`);
  const rows: string[][] = [];
  const runtimes: string[] = [];
  for (const backend of backends) {
    const times =
      backend === 'node' ? await nodeSteps(size) : await browser.call('steps', backend, size.config, size.grpoSteps);
    runtimes.push(`- ${backend}: ${times.runtime}; ${times.adapter}; frames by ${times.frames}`);
    rows.push([
      backend,
      ...PHASES.map((phase) => digits(times.seconds[phase])),
      digits(times.tokensPerSecond),
      digits(times.bytesReadBack / 1024),
    ]);
  }
  const header = ['backend', 'render', 'generate', 'reward', 'update', 'step', 'tokens/s', 'KiB read back'];
  console.log(`${table(header, rows)}\n\n${runtimes.join('\n')}`);
}

/** Throws when a library did not compute what the first did. */
function checkLosses(results: readonly PeerTimes[]): void {
  const [first, ...others] = results;
  for (const other of others) {
    other.losses.forEach((loss, step) => {
      const difference = Math.abs(loss / first.losses[step] - 1);
      if (!(difference < LOSS_TOLERANCE)) {
        throw new Error(
          `${other.name} and ${first.name} disagree on the loss of step ${step + 1}: ${loss} and ${first.losses[step]}`,
        );
      }
    });
  }
}

async function peersSection(browser: BenchBrowser, { peers: size }: BenchSize): Promise<void> {
  console.log(`\n## One training step beside other libraries

Forward, cross-entropy over all tokens, backward and AdamW of a plain decoder-only transformer: ${size.layers} layers of width \
${size.dim}, ${size.heads} heads, vocabulary ${size.vocabulary}, ${size.batch} sequences of ${size.length} tokens; float32, the same \
first weights and tokens. Each
step ends with the loss read back. Median of ${size.steps} steps. The losses agree to ${LOSS_TOLERANCE} in steps 1 to 3, of which the
later ones depend on the gradients and on AdamW. "first step" includes building, differentiating and compiling.\n`);
  const results: PeerTimes[] = [];
  for (const name of PEER_NAMES) results.push(await browser.call('peer', name, size));
  checkLosses(results);
  const rows = results.map((result) => [
    result.name,
    String(result.weights),
    ...result.losses.map((loss) => loss.toFixed(5)),
    String(result.dispatches),
    digits(result.firstMilliseconds),
    digits(result.milliseconds),
    digits(result.milliseconds / results[0].milliseconds),
  ]);
  const header = [
    'library',
    'weights',
    'loss 1',
    'loss 2',
    'loss 3',
    'dispatches',
    'first step, ms',
    'step, ms',
    'over ours',
  ];
  console.log(table(header, rows));
}

function kernelRow(times: KernelTimes): string[] {
  const completions = times.completions.toExponential(0);
  if ('problem' in times) return [completions, times.problem, '', '', '', '', '', ''];
  const { webgpu, cpu, copy, bytes } = times;
  return [
    completions,
    digits(webgpu),
    digits(cpu),
    digits(copy),
    digits(cpu / webgpu),
    digits(webgpu / copy),
    digits((times.completions / webgpu) * 1000),
    digits(bytes / 1e6),
  ];
}

async function kernelsSection(browser: BenchBrowser): Promise<void> {
  console.log(`\n## Reward and advantage kernels

score-answers and group-advantages, one after the other, on completions of up to 24 tokens in groups of 8. WebGPU and
copy: many submissions in a row and one wait for all, per submission. The copy is buffer to buffer, of as many bytes as
the kernels read and write.\n`);
  const rows: string[][] = [];
  for (const completions of COMPLETIONS) rows.push(kernelRow(await browser.call('kernels', completions)));
  const times = ['WebGPU, ms', 'CPU reference, ms', 'copy, ms', 'CPU / WebGPU', 'WebGPU / copy'];
  console.log(table(['completions', ...times, 'completions/s', 'MB'], rows));
}

async function main(args: readonly string[]): Promise<void> {
  const { values } = readFlags(args, {
    only: { type: 'string' },
    backend: { type: 'string' },
    size: { type: 'string', default: 'small' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help) return console.log(USAGE);
  const sections = list(values.only, '--only', SECTIONS);
  const backends = list(values.backend, '--backend', BACKENDS);
  if (!Object.hasOwn(SIZES, values.size)) {
    throw new UsageError(`--size: "${values.size}" is not one of ${Object.keys(SIZES).join(', ')}`);
  }
  const size = SIZES[values.size];
  const browser = await openBrowser((detail) => console.error(detail));
  try {
    console.log(`# Parallax benchmark, size ${values.size}\n`);
    console.log(`Adapter: ${await browser.call('adapter')}. Processor: ${cpus()[0].model}, ${cpus().length} threads.`);
    if (sections.includes('step')) await stepSection(browser, size, backends);
    if (sections.includes('peers')) await peersSection(browser, size);
    if (sections.includes('kernels')) await kernelsSection(browser);
  } finally {
    await browser.close();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof UsageError) console.error('Try: npm run bench -- --help');
  process.exit(error instanceof UsageError ? 2 : 1);
}
process.exit(0);
