/**
 * A test double for the lab's worker: speaks the protocol, computes nothing. Its room is three boxes drawn as wires,
 * its run a few formulas; a test moves it on with `advance`.
 */
import type { BackendDescription } from '../../src/backends/backend';
import type {
  CompletionRow,
  CurriculumCell,
  FrameSummary,
  LabEvent,
  ObjectSummary,
  Picture,
  Request,
  RoomSummary,
  RunPhase,
  RunStatus,
  StepMetrics,
  StoredRun,
  ViewPose,
  WalkSummary,
} from '../../src/lab/protocol';
import { stream } from '../../src/random';
import { cameraLookingAt } from '../../src/scenes/camera';
import type { Question } from '../../src/tasks/family';
import type { RunConfig } from '../../src/training/config';
import { Curriculum } from '../../src/training/curriculum';
import { FakeWorker } from '../support/fake-worker';

export const webgpu: BackendDescription = {
  kind: 'webgpu',
  runtime: 'ONNX Runtime Web 1.30.0, native WebGPU, JSPI',
  adapter: 'acme, architecture-7, Acme Graphics 770',
  features: ['subgroups', 'shader-f16', 'timestamp-query', 'depth-clip-control', 'float32-filterable'],
  limits: {
    maxBufferSize: 2 ** 31,
    maxStorageBufferBindingSize: 2 ** 31 - 4,
    maxComputeInvocationsPerWorkgroup: 1024,
    maxComputeWorkgroupsPerDimension: 65535,
    maxStorageBuffersPerShaderStage: 10,
    maxTextureDimension2D: 16384,
  },
  notice: null,
};

export const wasm: BackendDescription = {
  kind: 'wasm',
  runtime: 'ONNX Runtime Web 1.30.0, WebAssembly, 4 threads',
  adapter: '8 processors',
  features: [],
  limits: {},
  notice: 'This browser has no WebGPU; Chrome 113, Safari 26 and Firefox 141 have it.',
};

const CATEGORIES = ['sofa', 'table', 'chair', 'lamp', 'bookshelf', 'plant', 'trash bin', 'tv stand', 'nightstand'];

function object(seed: number, id: number): ObjectSummary {
  const random = stream(seed, 'fake object', id);
  const size = [random.uniform(0.3, 2), random.uniform(0.3, 0.9), random.uniform(0.3, 1.4)] as const;
  return {
    id,
    category: CATEGORIES[(id - 1) % CATEGORIES.length],
    box: {
      centroid: [random.uniform(0.8, 4.2), random.uniform(0.8, 3.2), size[2] / 2],
      axesLengths: size,
      axes: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    },
    distanceToCamera: random.uniform(0.6, 4),
    distances: Object.fromEntries(
      CATEGORIES.map((_, index) => [index + 1, random.uniform(0.2, 3)] as const).filter(([other]) => other !== id),
    ),
    visible: id !== 7,
  };
}

export function picture(seed: number, side = 64): Picture {
  const rgba = new Uint8Array(side * side * 4);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [i % side, Math.floor(i / side)];
    const inside = Math.hypot(x - side / 2, y - side * 0.6) < side / 5;
    rgba.set(inside ? [178, 96, 64, 255] : [120 + y, 130 + y / 2 + (seed % 7) * 6, 150 - x / 2, 255], i * 4);
  }
  return { width: side, height: side, rgba };
}

function questions(seed: number): Question[] {
  const base = {
    kind: 'number',
    options: null,
    evidence: { objects: [1, 2], values: {} },
    difficulty: { value: 0.4, reasons: { clutter: 0.4 } },
  } as const;
  return [
    {
      ...base,
      task: 'object_size_estimation',
      question:
        'What is the length of the longest dimension (length, width, or height) of the sofa, measured in centimeters?',
      answer: '198',
      answerValue: 198,
      unit: 'cm',
      reasoning: 'The sofa is 1.98 m long, 0.88 m wide and 0.82 m high. The longest of these is 1.98 m, 198 cm.',
    },
    {
      ...base,
      task: 'object_abs_distance',
      question:
        'Measuring from the closest point of each object, what is the direct distance between the sofa and the lamp (in meters)?',
      answer: '1.4',
      answerValue: 1.4,
      unit: 'm',
      reasoning: `The closest points of the two are 1.4 m apart in room ${seed}.`,
    },
    {
      ...base,
      kind: 'choice',
      task: 'object_rel_distance',
      question:
        'Measuring from the closest point of each object, which of these objects (table, lamp, plant, chair) is the closest to the sofa?',
      options: ['table', 'lamp', 'plant', 'chair'],
      answer: 'C',
      answerValue: null,
      unit: null,
      reasoning: 'The plant is 0.6 m from the sofa; the others are 1.2 m, 1.4 m and 2.2 m away.',
    },
  ];
}

/** A frame from the corner into the room at `time`, in which everything is seen. */
function frame(seed: number, time: number): FrameSummary {
  return {
    picture: picture(seed + time),
    camera: cameraLookingAt([0.4 + time / 10, 0.4, 1.5], [3, 2.5, 0.8], 1.2, 64, 64),
    time,
    visible: CATEGORIES.map((_, index) => ({ object: index + 1, pixels: 30, bbox: [4 * index, 20, 5, 6] })),
  };
}

export function walk(seed: number): WalkSummary {
  return {
    seed,
    frames: [0, 1, 2, 3].map((time) => frame(seed, time)),
    questions: [
      {
        task: 'obj_appearance_order',
        kind: 'choice',
        question: 'What will be the first-time appearance order of the following categories in the video: lamp, sofa?',
        options: ['sofa, lamp', 'lamp, sofa'],
        answer: 'A',
        answerValue: null,
        unit: null,
        reasoning: 'First seen: sofa 0.0 s, lamp 2.0 s. That is A.',
        evidence: { objects: [1, 4], values: { first_seen_1: 0, first_seen_4: 2 } },
        difficulty: { value: 0.5, reasons: {} },
      },
    ],
    problem: null,
  };
}

export function room(seed: number): RoomSummary {
  return {
    seed,
    type: 'living room',
    area: 20,
    height: 2.6,
    polygon: [
      [0, 0],
      [5, 0],
      [5, 4],
      [0, 4],
    ],
    objects: CATEGORIES.map((_, index) => object(seed, index + 1)),
    problems: [],
    rejected: [{ category: 'bed', reason: 'no free wall of 2.1 m after 40 tries' }],
    discarded: [['stove 7 cannot be reached from the door.']],
    policyPicture: picture(seed),
    frame: frame(seed, 0),
    framePose: { eye: [0.4, 0.4, 1.5], target: [3, 2.5, 0.8], fieldOfView: 1 },
    questions: questions(seed),
  };
}

function metrics(phase: RunPhase, step: number, of: number): StepMetrics {
  const noise = stream(step, 'fake metrics', phase).normal() * 0.03;
  const progress = step / of;
  const common = {
    grad_norm: 0.7 + 0.4 / step + Math.abs(noise) * 4,
    learning_rate: 1e-3 * Math.min(1, step / 20),
    step_time: 0.31 + noise,
    num_tokens: step * 4096,
    'device/bytes_read_back': 14_236,
  };
  if (phase === 'cold_start') return { ...common, loss: 0.4 + 3.4 * Math.exp(-4 * progress) + noise };
  const ednm = 0.34 + 0.3 * (1 - Math.exp(-3 * progress)) + noise;
  return {
    ...common,
    'rewards/ednm/mean': ednm,
    'rewards/ednm/std': 0.16,
    'rewards/format/mean': Math.min(1, 0.93 + noise),
    reward: ednm + 0.19,
    reward_std: 0.14,
    kl: 0.02 * progress + Math.abs(noise) / 50,
    entropy: 1.1 - 0.4 * progress + noise,
    'completions/mean_length': 34 + noise * 40,
    'completions/min_length': 27,
    'completions/max_length': 47,
    loss: noise,
    'time/render': 0.012,
    'time/generate': 0.18,
    'time/reward': 0.001,
    'time/update': 0.11,
  };
}

/** Four completions for each of the room's three questions. */
function completionRows(step: number): CompletionRow[] {
  return questions(step).flatMap((question, group) => {
    const random = stream(step, 'fake completions', group);
    return [0, 1, 2, 3].map((index) => {
      const ednm = [0.93, 0.41, 0.7, 0][index];
      const said =
        question.answerValue === null ? 'BCAD'[index] : (question.answerValue * random.uniform(0.5, 1.5)).toFixed(1);
      return {
        step,
        group,
        task: question.task,
        prompt: question.question,
        completion: index === 3 ? '<think>The sofa is' : `<think>${question.reasoning}</think><answer>${said}</answer>`,
        truth: question.answer,
        answer: index === 3 ? null : said,
        rewards: { [question.kind === 'number' ? 'ednm' : 'exact_match']: ednm, format: index === 3 ? 0 : 1 },
        reward: ednm + (index === 3 ? 0 : 0.2),
        advantage: [1.12, -0.24, 0.5, -1.38][index],
      };
    });
  });
}

/** A table in which easy levels are asked more often, and answered better. */
function curriculumCells(config: RunConfig, step: number): readonly CurriculumCell[] {
  const levels = config.dynamic_optimization.difficulty_levels;
  const curriculum = new Curriculum(config);
  for (let past = 1; past <= step; past++) {
    const random = stream(past, 'fake curriculum');
    const outcomes = config.data.tasks.map((task) => {
      const level = Math.floor(levels * random.next() * random.next());
      return { task, level, wanted: null, accuracy: random.uniform(0.6, 1) / (level + 1) };
    });
    curriculum.observe(outcomes);
  }
  return curriculum.table();
}

export class FakeLab extends FakeWorker<Request, LabEvent> {
  readonly #description: BackendDescription;
  readonly #stored: readonly StoredRun[];
  #canvas: OffscreenCanvas | null = null;
  #pose: ViewPose = { eye: [0, 0, 1], target: [1, 0, 1], fieldOfView: 1 };
  #room = room(1);
  #config: RunConfig | null = null;
  #state: RunStatus['state'] = 'stopped';
  #phase: RunPhase = 'cold_start';
  #step = 0;

  constructor(description: BackendDescription = webgpu, stored: readonly StoredRun[] = []) {
    super();
    this.#description = description;
    this.#stored = stored;
  }

  /** Says an event, as a worker would: later. */
  override say(event: LabEvent): void {
    queueMicrotask(() => super.say(event));
  }

  override postMessage(request: Request): void {
    super.postMessage(request);
    switch (request.type) {
      case 'open':
        return this.say({ type: 'opened', description: this.#description });
      case 'list-runs':
        return this.say({ type: 'runs', runs: this.#stored });
      case 'show-room':
        this.#room = room(request.seed);
        this.say({ type: 'room', room: this.#room });
        return this.say({ type: 'walk', walk: walk(request.seed) });
      case 'attach-view':
        this.#canvas = request.canvas;
        this.#canvas.width = request.width;
        this.#canvas.height = request.height;
        return;
      case 'resize-view':
        if (this.#canvas) Object.assign(this.#canvas, { width: request.width, height: request.height });
        return this.#draw(this.#pose);
      case 'set-pose':
        this.#pose = request.pose;
        return this.#draw(request.pose);
      case 'pick':
        return this.say({ type: 'picked', object: 1 });
      case 'set-channel':
        return this.say({ type: 'depth-range', metres: [1.5, 6.2] });
      case 'start':
        this.#config = request.config;
        this.#phase = request.config.cold_start.steps > 0 ? 'cold_start' : 'grpo';
        this.#step = 0;
        if (request.policy !== null) {
          const notes = [`starts from the policy ${request.config.model_name_or_path}`, 'visual.frame.weight is new'];
          this.say({ type: 'notes', run: 'run-1', notes });
        }
        return this.#become(request.paused ? 'paused' : 'running', 'compiling the training graph');
      case 'pause':
        return this.#become('paused', 'waiting');
      case 'continue':
        return this.#become('running', 'generating completions');
      case 'step':
        return this.advance(1);
      case 'stop':
        return this.#become('stopped', 'stopped by the reader');
      case 'store':
        if (!this.#config) throw new Error('FakeLab: there is no run to store');
        return this.say({
          type: 'saved',
          run: {
            id: 'run-1',
            savedAt: '2026-11-21T12:00:00Z',
            phase: this.#phase,
            step: this.#step,
            config: this.#config,
          },
        });
      case 'export':
        return this.say({ type: 'exported', fileName: 'policy.onnx', data: new Uint8Array([8, 9]) });
      case 'save':
        return this.say({ type: 'checkpoint', files: { 'config.json': new Uint8Array([123, 125]) } });
    }
  }

  /** Takes steps, over the end of the cold start into GRPO. */
  advance(steps: number): void {
    if (!this.#config) throw new Error('FakeLab.advance: nothing was started');
    for (let i = 0; i < steps; i++) {
      if (this.#phase === 'cold_start' && this.#step >= this.#config.cold_start.steps) {
        this.#phase = 'grpo';
        this.#step = 0;
      }
      const total = this.#config[this.#phase].steps;
      if (this.#step >= total) return this.#become('finished', 'all steps done');
      this.#step++;
      const step = this.#step;
      this.say({ type: 'metrics', run: 'run-1', phase: this.#phase, step, metrics: metrics(this.#phase, step, total) });
      if (this.#phase === 'grpo') {
        this.say({
          type: 'completions',
          run: 'run-1',
          step,
          // A still, a video, and a question without pictures.
          pictures: [[picture(step)], [1, 2, 3, 4].map((frame) => picture(step + frame)), []],
          rows: completionRows(step),
        });
        this.say({ type: 'curriculum', run: 'run-1', step, cells: curriculumCells(this.#config, step) });
      }
    }
    this.#become(this.#state, 'generating completions');
  }

  #become(state: RunStatus['state'], detail: string): void {
    this.#state = state;
    const steps = this.#config?.[this.#phase].steps ?? 0;
    this.say({ type: 'status', run: 'run-1', status: { state, phase: this.#phase, step: this.#step, steps, detail } });
  }

  /** The room and its boxes as wires, by a pinhole at the pose. */
  #draw({ eye, target, fieldOfView }: ViewPose): void {
    const context = this.#canvas?.getContext('2d');
    if (!context || !this.#canvas) return;
    const { width, height } = this.#canvas;
    const forward = unit([target[0] - eye[0], target[1] - eye[1], target[2] - eye[2]]);
    const right = unit([forward[1], -forward[0], 0]);
    const up = cross(right, forward);
    const focal = height / 2 / Math.tan(fieldOfView / 2);
    const project = (point: readonly number[]): [number, number] => {
      const offset = point.map((value, axis) => value - eye[axis]);
      const depth = Math.max(0.05, dot(offset, forward));
      return [width / 2 + (focal * dot(offset, right)) / depth, height / 2 - (focal * dot(offset, up)) / depth];
    };
    context.clearRect(0, 0, width, height);
    const wire = (low: readonly number[], high: readonly number[], color: string) => {
      context.strokeStyle = color;
      context.lineWidth = 2;
      const corner = (bits: number) => [0, 1, 2].map((axis) => (bits & (1 << axis) ? high[axis] : low[axis]));
      for (let from = 0; from < 8; from++)
        for (const axis of [1, 2, 4]) {
          if (from & axis) continue;
          context.beginPath();
          context.moveTo(...project(corner(from)));
          context.lineTo(...project(corner(from | axis)));
          context.stroke();
        }
    };
    wire([0, 0, 0], [5, 4, this.#room.height], '#8a8f94');
    for (const { box } of this.#room.objects) {
      const low = box.centroid.map((value, axis) => value - box.axesLengths[axis] / 2);
      const high = box.centroid.map((value, axis) => value + box.axesLengths[axis] / 2);
      wire(low, high, '#c2653f');
    }
  }
}

const dot = (a: readonly number[], b: readonly number[]) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: readonly number[], b: readonly number[]) => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const unit = (a: readonly number[]) => a.map((value) => value / Math.hypot(...a));
