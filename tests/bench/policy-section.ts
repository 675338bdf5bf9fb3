/**
 * The benchmark's section on the policy: updates and generation against batch size, on each backend, and beside PyTorch
 * on the processor.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BatchShape } from '../../src/policy/inputs';
import { type Architecture, frameCount, visualTokenCount } from '../../src/policy/parameters';
import type { BenchBrowser } from './browser';
import { residentMemory } from './memory';
import type { PolicyTimes } from './policy';
import type { PolicySize } from './sizes';
import { digits, table } from './table';
import { timeTorch, type TorchTimes } from './torch';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MEMORY_MS = 250;

/** One measurement. */
export interface PolicyRun {
  readonly architecture: Architecture;
  readonly shape: BatchShape;
  readonly runs: number;
}

/** Peak memory in MiB, of the process or of all the browser's; NaN where the system does not tell. */
type Measured = PolicyTimes & { readonly peak: number };

/** In a process of its own. */
function onNode(run: PolicyRun): Measured {
  const script = join(ROOT, 'tests/bench/policy-process.ts');
  const child = spawnSync(process.execPath, [process.argv[1], script, '--', JSON.stringify(run)], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const result = /^RESULT (.*)$/m.exec(child.stdout)?.[1];
  if (child.status !== 0 || result === undefined) {
    throw new Error(`the node backend's process ended with ${String(child.status)}: ${child.stderr.trim()}`);
  }
  return JSON.parse(result) as Measured;
}

async function inBrowser(browser: BenchBrowser, backend: 'webgpu' | 'wasm', run: PolicyRun): Promise<Measured> {
  const memory: number[] = [];
  const watch = setInterval(() => memory.push(residentMemory(browser.pid)), MEMORY_MS);
  const times = await browser.call('policy', backend, run.architecture, run.shape, run.runs);
  clearInterval(watch);
  return { ...times, peak: Math.max(...memory, residentMemory(browser.pid)) };
}

function described(a: Architecture): string {
  return `${a.layers} layers of width ${a.dim}, ${a.heads} heads, vocabulary ${a.vocabulary}; sequences of ${visualTokenCount(a, frameCount(a))} visual
tokens, ${a.max_prompt_length} of the prompt and ${a.max_completion_length} of the completion`;
}

/** Batches in the order in which they are measured: completions, in groups that share a prompt. */
function runsOf({ architecture, batches, groups, runs }: PolicySize): PolicyRun[] {
  return batches.flatMap((batch) =>
    groups.map((generations) => ({ architecture, shape: { prompts: batch / generations, generations }, runs })),
  );
}

const HEADER = ['backend', 'batch', 'groups of', 'update samples/s', 'completions/s', 'tokens/s', 'peak MiB'];

function row(backend: string, { architecture, shape }: PolicyRun, { update, generation, peak }: Measured): string[] {
  const batch = shape.prompts * shape.generations;
  const completions = batch / generation;
  return [
    backend,
    String(batch),
    String(shape.generations),
    ...[batch / update, completions, completions * architecture.max_completion_length, peak].map(digits),
  ];
}

/** Says what is measured. */
export function policyIntroduction(): void {
  console.log(`\n## The policy: updates and generation

An update is forward, loss, backward, clipping and AdamW; generation is the prefix and a token a step for each completion,
none of which ends early. Completions come in groups that share their frame and prompt: of 1 as in evaluation, or of
several as in GRPO. Medians. Peak memory is that of the process, in the browser of all its processes.`);
}

/** On the backends in the browser. */
export async function policyInBrowser(
  browser: BenchBrowser,
  size: PolicySize,
  backends: readonly ('webgpu' | 'wasm')[],
): Promise<void> {
  const rows: string[][] = [];
  const runtimes: string[] = [];
  for (const backend of backends) {
    for (const run of runsOf(size)) {
      const times = await inBrowser(browser, backend, run);
      if (rows.every(([name]) => name !== backend)) runtimes.push(`- ${backend}: ${times.runtime}; ${times.adapter}`);
      rows.push(row(backend, run, times));
    }
  }
  console.log(
    `\n### In the browser\n\n${described(size.architecture)}.\n\n${table(HEADER, rows)}\n\n${runtimes.join('\n')}`,
  );
}

/** The peer's training step over the whole sequence, and its generation from the prefix. */
function torchOn(
  script: string,
  { architecture: a, shape, runs }: PolicyRun,
): { step: TorchTimes; generation: TorchTimes } {
  const batch = shape.prompts * shape.generations;
  const same = { dim: a.dim, layers: a.layers, heads: a.heads, vocab: a.vocabulary, batch, steps: runs };
  const prefix = visualTokenCount(a, frameCount(a)) + a.max_prompt_length;
  return {
    step: timeTorch(script, { ...same, tokens: prefix + a.max_completion_length, new: 1 }),
    generation: timeTorch(script, { ...same, tokens: prefix, new: a.max_completion_length }),
  };
}

/** On the node backend, between whose runs the peer's come, so that what else the machine does meets both. */
export function policyOnNode(size: PolicySize, script: string | undefined): void {
  const rows: string[][] = [];
  const peers: string[][] = [];
  const notes: string[] = [];
  let torch = script;
  for (const run of runsOf(size)) {
    const before = onNode(run);
    if (rows.length === 0) notes.push(`- node: ${before.runtime}; ${before.adapter}`);
    rows.push(row('node', run, before));
    if (torch === undefined) continue;
    try {
      const peer = torchOn(torch, run);
      const after = onNode(run);
      rows.push(row('node, again', run, after));
      if (peers.length === 0) notes.push(`- peer: ${peer.step.runtime} threads`);
      const batch = run.shape.prompts * run.shape.generations;
      const tokens = batch * run.architecture.max_completion_length;
      const ratio = (theirs: number, ours: readonly number[]) => digits(theirs / ((ours[0] + ours[1]) / 2));
      peers.push([
        String(batch),
        String(run.shape.generations),
        digits(batch / peer.step.step),
        ratio(peer.step.step, [before.update, after.update]),
        digits(tokens / peer.generation.generation),
        ratio(peer.generation.generation, [before.generation, after.generation]),
      ]);
    } catch (error) {
      notes.push(`- No peer: ${error instanceof Error ? error.message : String(error)}.`);
      torch = undefined;
    }
  }
  if (script === undefined) notes.push('- No peer: name a PyTorch script with --peer PATH.');
  console.log(`\n### On the processor\n\n${described(size.architecture)}.\n\n${table(HEADER, rows)}`);
  if (peers.length > 0) {
    console.log(`
PyTorch eager on sequences of as many tokens, in the same run. It knows no groups: each of its sequences is whole, so
that its figures are the same for every size of group but for what else the machine does.

${table(['batch', 'groups of', 'PyTorch samples/s', 'ours over it', 'PyTorch tokens/s', 'ours over it'], peers)}`);
  }
  console.log(`\n${notes.join('\n')}`);
}
