/**
 * The reward and advantage kernels against two yardsticks: their CPU reference, and a copy on the GPU of as many bytes
 * as they read and write, which no kernel of this kind can beat by much.
 */
import type { TypedArray } from '../../src/kernels/kernel';
import { createWebGpuBackend } from '../../src/backends/webgpu';
import { type AnswerTarget, encodeTargets, encodeTokenText } from '../../src/kernels/answer-text';
import { GROUP_SCALING, groupAdvantages } from '../../src/kernels/group-advantages';
import { ednm } from '../../src/kernels/rewards/ednm';
import { rewardParameters } from '../../src/kernels/rewards/registry';
import { scoreAnswers } from '../../src/kernels/score-answers';
import { Tokenizer } from '../../src/policy/tokenizer';
import { stream } from '../../src/random';
import { formatCompletion } from '../../src/tasks/contract';
import { buildVocabulary } from '../../src/tasks/vocabulary';
import { median } from './table';

const COLUMNS = 24;
const GROUP = 8;
/** Distinct groups; larger batches repeat them. */
const POOL = 512;
/** A copy goes through buffers of at most this many bytes, so that any adapter has room for them. */
const COPY_BYTES = 64 * 2 ** 20;
/** Repeats are submitted until they take about this long, milliseconds; then the wait at the end hardly counts. */
const BATCH_TIME = 60;
const BATCHES = 5;

/** Milliseconds at one size, or why it was not measured. */
export type KernelTimes = { readonly completions: number } & (
  | { readonly problem: string }
  | {
      readonly webgpu: number;
      readonly cpu: number;
      readonly copy: number;
      /** What the kernels read and write. */
      readonly bytes: number;
    }
);

/** Groups of completions as a half-trained policy writes them, with what they are held against. */
function makePool(tokenizer: Tokenizer): { rows: Int32Array; targets: AnswerTarget[] } {
  const random = stream(1, 'bench', 'completions');
  const { pad, eos } = tokenizer.special;
  const rows = new Int32Array(POOL * GROUP * COLUMNS).fill(pad);
  const targets = Array.from({ length: POOL }, (_, group): AnswerTarget => {
    const value = Number(random.uniform(0.5, 9).toFixed(2));
    for (let i = 0; i < GROUP; i++) {
      const answer = random.pick([String(value), (value * random.uniform(0.5, 1.5)).toFixed(2), 'chair', '']);
      const text = random.pick([
        formatCompletion(`It is ${answer} m.`, answer),
        formatCompletion('', answer),
        `<answer>${answer}</answer>`,
        `<think>It is about ${answer}, so ${answer}, or rather ${answer}`,
      ]);
      const tokens = [...tokenizer.encode(text), eos].slice(0, COLUMNS);
      rows.set(tokens, (group * GROUP + i) * COLUMNS);
    }
    return { kind: 'number', value };
  });
  return { rows, targets };
}

/** The buffers of both kernels at a size; `total` is the rewards that become advantages. */
function makeBuffers(completions: number, tokenizer: Tokenizer) {
  const pool = makePool(tokenizer);
  const tokens = new Int32Array(completions * COLUMNS);
  for (let at = 0; at < tokens.length; at += pool.rows.length) {
    tokens.set(pool.rows.subarray(0, Math.min(pool.rows.length, tokens.length - at)), at);
  }
  const groups = completions / GROUP;
  return {
    tokens,
    token_text: encodeTokenText(tokenizer.tokenTexts()),
    targets: encodeTargets(Array.from({ length: groups }, (_, group) => pool.targets[group % POOL])),
    total: new Float32Array(completions),
    accuracy: new Float32Array(completions),
    exact: new Float32Array(completions),
    format: new Float32Array(completions),
    parsed: new Float32Array(2 * completions),
    advantages: new Float32Array(completions),
    statistics: new Float32Array(2 * groups),
  };
}

function makeParameters(completions: number, tokenizer: Tokenizer) {
  return {
    score: {
      rows: completions,
      max_completion: COLUMNS,
      group_size: GROUP,
      vocabulary: tokenizer.size,
      eos: tokenizer.special.eos,
      ...rewardParameters(ednm, { gamma: 1, lambda: 2, epsilon: 1e-6, tolerance: 0, sigma: 1, sharpness: 1 }),
      accuracy_weight: 1,
      format_weight: 0.2,
      exact_weight: 0,
    },
    advantage: { groups: completions / GROUP, group_size: GROUP, scale: GROUP_SCALING.group },
  };
}

/** Milliseconds that `submit` takes on the device: many in a row, then one wait. */
async function timeOnDevice(device: GPUDevice, submit: () => void): Promise<number> {
  const batch = async (repeats: number) => {
    const start = performance.now();
    for (let i = 0; i < repeats; i++) submit();
    await device.queue.onSubmittedWorkDone();
    return performance.now() - start;
  };
  await batch(1);
  let repeats = 1;
  while (repeats < 1024 && (await batch(repeats)) < BATCH_TIME) repeats *= 2;
  const times: number[] = [];
  for (let i = 0; i < BATCHES; i++) times.push((await batch(repeats)) / repeats);
  return median(times);
}

async function timeCopy(device: GPUDevice, bytes: number): Promise<number> {
  const size = 4 * Math.ceil(Math.min(bytes, COPY_BYTES) / 4);
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [source, target] = ['source', 'target'].map((label) => device.createBuffer({ label, size, usage }));
  const time = await timeOnDevice(device, () => {
    const encoder = device.createCommandEncoder();
    for (let left = bytes; left > 0; left -= size) {
      encoder.copyBufferToBuffer(source, 0, target, 0, 4 * Math.ceil(Math.min(left, size) / 4));
    }
    device.queue.submit([encoder.finish()]);
  });
  source.destroy();
  target.destroy();
  return time;
}

export async function timeKernels(completions: number): Promise<KernelTimes> {
  const tokenizer = new Tokenizer(buildVocabulary());
  const buffers = makeBuffers(completions, tokenizer);
  const { score, advantage } = makeParameters(completions, tokenizer);
  const backend = await createWebGpuBackend();
  const { device } = backend;
  const room = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  if (buffers.tokens.byteLength > room) {
    const [needed, limit] = [buffers.tokens.byteLength, room].map((bytes) => (bytes / 2 ** 20).toFixed(0));
    return { completions, problem: `the tokens take ${needed} MiB, and a buffer of this adapter holds ${limit}` };
  }
  const tensors = Object.fromEntries(
    Object.entries<TypedArray>(buffers).map(([name, data]) => {
      const dtype = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'uint32';
      return [name, backend.allocate(name, dtype, [data.length], data)];
    }),
  ) as Record<keyof typeof buffers, ReturnType<typeof backend.allocate>>;
  const webgpu = await timeOnDevice(device, () => {
    backend.dispatch(scoreAnswers, tensors, score);
    backend.dispatch(groupAdvantages, { ...tensors, rewards: tensors.total }, advantage);
  });

  // The rewards are written by one kernel and read by the other.
  const touched = Object.values<TypedArray>(buffers).reduce((sum, data) => sum + data.byteLength, 0);
  const bytes = touched + buffers.total.byteLength;
  const copy = await timeCopy(device, bytes);

  const cpuTimes: number[] = [];
  for (let run = 0; run < (completions < 1e5 ? BATCHES : 1); run++) {
    const start = performance.now();
    scoreAnswers.reference(buffers, score);
    groupAdvantages.reference({ ...buffers, rewards: buffers.total }, advantage);
    cpuTimes.push(performance.now() - start);
  }
  return { completions, webgpu, cpu: median(cpuTimes), copy, bytes };
}
