/**
 * The benchmark: `npm run bench`. Prints tables of what a step costs, how a training step compares with other libraries',
 * how far the reward kernels are from the hardware, all on one adapter; and how fast data sets are made. Nothing here is
 * a test.
 */
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { delimiter } from 'node:path';
import { readFlags, UsageError, wholeNumber } from '../../src/cli/command';
import { createNodeBackend } from '../../src/backends/node';
import { softwareFrames } from '../../src/training/frames';
import { ENGINES, timeBlender } from './blender';
import { type BenchBrowser, openBrowser } from './browser';
import type { KernelTimes } from './kernels';
import { PEER_NAMES, type PeerTimes } from './peers/measure';
import { type BenchSize, SIZES } from './sizes';
import { PHASES, type StepTimes, timeSteps } from './step';
import { FRAMES, timeCommand, timeNormals, timePhases } from './synthesis';
import { policyInBrowser, policyIntroduction, policyOnNode } from './policy-section';
import { digits, table } from './table';

const SECTIONS = ['step', 'policy', 'peers', 'kernels', 'synthesis'] as const;
const BACKENDS = ['webgpu', 'wasm', 'node'] as const;
const COMPLETIONS = [1e3, 1e4, 1e5, 1e6];
/** Relative difference that two libraries' losses may have. */
const LOSS_TOLERANCE = 1e-3;

const USAGE = `Usage: npm run bench -- [sections] [flags]

Measures, on one adapter:
  step       a GRPO step's time by phase: render, generate, reward and advantage, update
  policy     updates and generation against batch size, with the memory that they take; the node backend on the page's
             policy, beside PyTorch where --peer is given
  peers      one training step of the same transformer in this lab, jax-js and TensorFlow.js
  kernels    the reward and advantage kernels against their CPU reference and a buffer copy
and on the processor:
  synthesis  frames a second of the synthesize command, by phase, and its memory; beside Blender's where --peer is given

Without sections, all of them.

Flags:
  --backend LIST    some of the backends of "step" and "policy": ${BACKENDS.join(',')}
  --size NAME       ${Object.keys(SIZES).join(' or ')}; small (default) suits a software GPU, medium is the page's policy
  --scenes N        scenes of "synthesis" (default 64), of ${FRAMES} frames each
  --peer PATH       script to run beside a section, once for each script; or PARALLAX_BENCH_PEER, paths with ":" between.
                    One that imports bpy runs in Blender beside "synthesis": it gets its flags after "--" and prints RESULT
                    with JSON: frame_mean and cpu (seconds of the clock and of the processor), maxrss (MiB).
                    One that imports torch runs beside "policy": it gets the flags dim, layers, heads, vocab, batch,
                    tokens, new, steps and device and prints "VERSION cpu xTHREADS … | step X ms … | generation Y ms"`;

/** The first of the scripts that imports a module of Python. Throws UsageError naming a script that is not there. */
function peerOf(paths: readonly string[], module: string): string | undefined {
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) throw new UsageError(`--peer: there is no ${missing}`);
  const imports = new RegExp(`^import .*\\b${module}\\b`, 'm');
  return paths.find((path) => imports.test(readFileSync(path, 'utf8')));
}

/** Names that are given, each one of `known`; all of them where none is given. */
function chosen<T extends string>(names: readonly string[], what: string, known: readonly T[]): readonly T[] {
  if (names.length === 0) return known;
  return names.map((name) => {
    const found = known.find((candidate) => candidate === name);
    if (found === undefined) throw new UsageError(`${what}: "${name}" is not one of ${known.join(', ')}`);
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

async function synthesisSection(scenes: number, peer: string | undefined): Promise<void> {
  console.log(`\n## Data sets: frames of 256x256 a second

\`synthesize\` with ${scenes} scenes of ${FRAMES} frames: colour, planar depth and instance ids as PNG files, amodal and
visible boxes, and the questions of every family; drawn by the software rasterizer, a process a processor. A process
works on scenes of its own, so that phases of different scenes overlap and encoding is parallel. Rates are between its
progress lines, without start-up. Ours runs before and after the peer: what else the machine does meets both.\n`);
  const phases = timePhases(Math.min(scenes, 12));
  const total = [...phases.values()].reduce((sum, value) => sum + value, 0);
  const share = (value: number) => [digits(value), `${Math.round((100 * value) / total)} %`];
  const rows = [...phases].map(([phase, value]) => [phase, ...share(value)]);
  rows.push(['read back', 'none: pixels are in memory', ''], ['all', digits(total), '']);
  console.log(`${table(['phase', 'processor ms a frame', 'share'], rows)}\n`);
  console.log(`Normals, where they are asked for, add ${digits(timeNormals(12))} ms to a frame. distance_to_camera and
category ids follow from depth and instance ids.\n`);

  const before = await timeCommand(scenes);
  const peers: string[][] = [];
  const problems: string[] = [];
  const rates: number[] = [before.framesPerSecond];
  if (peer === undefined) {
    problems.push('No peer: name a Blender script with --peer PATH.');
  } else {
    const measured = new Map<string, Awaited<ReturnType<typeof timeBlender>>>();
    for (const engine of Object.keys(ENGINES) as (keyof typeof ENGINES)[]) {
      try {
        measured.set(engine, await timeBlender(peer, engine));
      } catch (error) {
        problems.push(`No ${engine}: ${error instanceof Error ? error.message : String(error)}.`);
      }
    }
    if (measured.size > 0) rates.push((await timeCommand(scenes)).framesPerSecond);
    for (const [engine, { framesPerSecond, processor, peak }] of measured) {
      const ours = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
      const cells = [framesPerSecond, ours / framesPerSecond, processor, peak];
      peers.push([`Blender ${engine}`, ...cells.map(digits)]);
    }
  }
  const peaks = before.peaks === null ? 'unknown' : before.peaks.map(Math.round).join(' then ');
  const ours = ['Parallax, synthesize', rates.map(digits).join(' and '), '1', digits(total), peaks];
  console.log(table(['', 'frames/s', 'ours over it', 'processor ms a frame', 'peak MiB'], [ours, ...peers]));
  console.log(`\nPeak memory of ours: all processes together, in the first half of the run and in the second. The whole command
took ${digits(before.seconds)} s.${problems.map((problem) => `\n${problem}`).join('')}`);
}

async function main(args: readonly string[]): Promise<void> {
  const options = {
    backend: { type: 'string' },
    size: { type: 'string', default: 'small' },
    scenes: { type: 'string', default: '64' },
    peer: { type: 'string', multiple: true, default: process.env.PARALLAX_BENCH_PEER?.split(delimiter) ?? [] },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values, positionals } = readFlags(args, options, true);
  if (values.help) return console.log(USAGE);
  const sections = chosen(positionals, 'section', SECTIONS);
  const backends = chosen(values.backend?.split(',') ?? [], '--backend', BACKENDS);
  const [blender, torch] = ['bpy', 'torch'].map((module) => peerOf(values.peer, module));
  const scenes = wholeNumber(values.scenes, '--scenes', 1);
  if (!Object.hasOwn(SIZES, values.size)) {
    throw new UsageError(`--size: "${values.size}" is not one of ${Object.keys(SIZES).join(', ')}`);
  }
  console.log(`# Parallax benchmark\n\nProcessor: ${cpus()[0].model}, ${cpus().length} threads.`);
  const needsAdapter = (section: (typeof SECTIONS)[number]) =>
    section === 'policy' ? backends.some((backend) => backend !== 'node') : section !== 'synthesis';
  if (sections.includes('policy')) policyIntroduction();
  if (sections.some(needsAdapter)) await onAdapter(sections, backends, values.size);
  if (sections.includes('policy') && backends.includes('node')) policyOnNode(SIZES.medium.policy, torch);
  if (sections.includes('synthesis')) await synthesisSection(scenes, blender);
}

/** The sections that run in one browser. */
async function onAdapter(
  sections: readonly (typeof SECTIONS)[number][],
  backends: readonly (typeof BACKENDS)[number][],
  sizeName: string,
): Promise<void> {
  const size = SIZES[sizeName];
  const browser = await openBrowser((detail) => console.error(detail));
  try {
    console.log(`Adapter: ${await browser.call('adapter')}. Size: ${sizeName}.`);
    const inBrowser = backends.filter((backend) => backend !== 'node');
    if (sections.includes('policy') && inBrowser.length > 0) await policyInBrowser(browser, size.policy, inBrowser);
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
