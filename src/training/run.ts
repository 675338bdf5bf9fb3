/**
 * A run: the cold start, then GRPO, a step at a time. The caller decides when the next step happens, and may stop
 * between any two; the checkpoint then holds all that is needed to go on.
 */
import type { Backend } from '../backends/backend';
import { BackendScope } from '../backends/scope';
import type { Architecture } from '../policy/parameters';
import { Tokenizer } from '../policy/tokenizer';
import type { StoredTensors } from '../policy/safetensors';
import { adapterSpecs, mergedWeights } from '../policy/lora';
import { type StartingWeights, startingWeights } from '../policy/starting-weights';
import { checkWeights, initializeWeights, loadWeights, readTensors, type Weights } from '../policy/weights';
import { buildPhrases, buildVocabulary } from '../tasks/vocabulary';
import type { Checkpoint, StoredPolicy } from './checkpoint';
import { ColdStart } from './cold-start';
import { loraOf, type RunConfig } from './config';
import type { RunContext, SampleSource } from './context';
import { drawnSamples } from './drawing';
import type { FrameSource } from './frames';
import { Grpo } from './grpo';
import { ALONE, type Peers } from './peers';
import type { RunPhase, StepReport } from './report';

/** All words that the domains of a config may use. */
function vocabularyOf({ data }: RunConfig): string[] {
  return buildVocabulary({ general: data.general_share > 0 });
}

/** The tokenizer that a new run of a config gets: that of the policy it starts from, or else of all its domains' words and of
 * phrases. */
export function tokenizerOf(config: RunConfig, policy?: StoredPolicy): Tokenizer {
  return policy?.tokenizer ?? new Tokenizer([...new Set([...vocabularyOf(config), ...buildPhrases()])]);
}

/** The architecture that a config and a tokenizer make. */
export function architectureOf(config: RunConfig, tokenizer: Tokenizer): Architecture {
  return {
    ...config.policy,
    vocabulary: tokenizer.size,
    max_completion_length: config.grpo.max_completion_length,
    freeze_vision_tower: config.freeze_vision_tower,
  };
}

/**
 * The weights of a policy, its adapters merged where it has some.
 * @throws Error naming the tensor that does not fit the config or holds NaN.
 */
export function policyWeights({ config, tokenizer, weights, adapters }: StoredPolicy): StoredTensors {
  const architecture = { ...architectureOf(config, tokenizer), lora: loraOf(config) };
  checkWeights(architecture, weights);
  if (adapters === null) return weights;
  checkWeights(architecture, adapters, adapterSpecs(architecture));
  return mergedWeights(architecture, weights, adapters);
}

/**
 * What a run of `config` starts with from the policy that its model_name_or_path names, and what it means, for people.
 * @throws Error naming each setting that does not go with the policy, or the policy's tensor that is damaged.
 */
export function startFrom(policy: StoredPolicy, config: RunConfig): StartingWeights {
  const { seed, model_name_or_path: name } = config;
  const [from, own] = [policy.config, config].map((each) => architectureOf(each, policy.tokenizer));
  const { weights, notes } = startingWeights(own, { name, architecture: from, weights: policyWeights(policy) }, seed);
  const spelled = vocabularyOf(config).filter((word) => policy.tokenizer.encode(word).length > 1);
  if (spelled.length === 0) return { weights, notes };
  const such = spelled.slice(0, 3).map((word) => JSON.stringify(word));
  const lacking = `the tokenizer of ${name} lacks ${spelled.length} words that this run's tasks may use, such as`;
  return { weights, notes: [...notes, `${lacking} ${such.join(', ')}: they are spelled in bytes or shorter pieces`] };
}

export interface RunOptions {
  /** Where to go on from; by default the run begins anew. */
  readonly checkpoint?: Checkpoint;
  /** The policy that the config's model_name_or_path names; a run that goes on from a checkpoint needs none. */
  readonly policy?: StoredPolicy;
  /** Where the cold start has its samples from; by default they are drawn from fresh rooms. */
  readonly samples?: SampleSource;
  /** Other processes that take the same steps from the same start; by default there are none. */
  readonly peers?: Peers;
  /** Told what is compiled before a phase begins, for people. */
  readonly onPrepare?: (detail: string) => void;
  /** Told which stage of a step begins, for people. */
  readonly onStage?: (stage: string) => void;
}

export class TrainingRun {
  readonly context: RunContext;
  /** All but adapters, which GRPO holds. */
  readonly weights: Weights;
  /** What the policy that the run starts from means for it, a sentence each, for people. */
  readonly notes: readonly string[];
  private currentPhase: RunPhase;
  private currentStep: number;
  /** Tokens of prompts and completions so far, over both phases. */
  private tokens: number;
  private readonly onPrepare: (detail: string) => void;
  private coldStart: ColdStart | null = null;
  private grpo: Grpo | null = null;
  /** State of a resumed phase that has not been prepared yet. */
  private pending: Checkpoint | null;

  /**
   * @throws Error naming the tensor when a checkpoint does not fit its config or holds NaN, or the settings that do not
   * go with the policy that the run starts from.
   */
  constructor(backend: Backend, config: RunConfig, frames: FrameSource, options: RunOptions = {}) {
    const { checkpoint, policy } = options;
    const named = config.model_name_or_path;
    if (!checkpoint && (named === '') !== (policy === undefined)) {
      throw new Error(`model_name_or_path is "${named}", and the run was given ${policy ? 'a' : 'no'} policy`);
    }
    const scope = new BackendScope(backend);
    const tokenizer = checkpoint?.tokenizer ?? tokenizerOf(config, policy);
    const architecture = architectureOf(config, tokenizer);
    const onStage = options.onStage ?? (() => undefined);
    this.onPrepare = options.onPrepare ?? (() => undefined);
    this.context = {
      backend: scope,
      config,
      architecture,
      tokenizer,
      frames,
      samples: options.samples ?? drawnSamples,
      peers: options.peers ?? ALONE,
      onStage,
    };
    const start = !checkpoint && policy ? startFrom(policy, config) : null;
    const stored = checkpoint?.weights ?? start?.weights;
    this.weights = stored
      ? loadWeights(scope, architecture, stored)
      : initializeWeights(scope, architecture, config.seed);
    this.notes = start ? [`starts from the policy ${named}`, ...start.notes] : [];
    this.pending = checkpoint ?? null;
    this.currentPhase = checkpoint?.phase ?? 'cold_start';
    this.currentStep = checkpoint?.step ?? 0;
    this.tokens = checkpoint?.tokens ?? 0;
    this.advance();
  }

  get phase(): RunPhase {
    return this.currentPhase;
  }

  /** Steps done in the current phase. */
  get step(): number {
    return this.currentStep;
  }

  /** Steps that the current phase has. */
  get steps(): number {
    return this.context.config[this.currentPhase].steps;
  }

  get finished(): boolean {
    return this.currentPhase === 'grpo' && this.currentStep >= this.steps;
  }

  /**
   * Does the next step, preparing its phase first where it is new.
   * @throws Error when the run is finished, or with what went wrong; the weights are then those after the last good step.
   */
  async next(): Promise<StepReport> {
    if (this.finished) throw new Error('the run is finished');
    await this.prepare();
    const report = await (this.coldStart ?? this.grpo!).step(this.currentStep + 1);
    this.currentStep++;
    this.advance();
    // TRL's num_tokens counts from the run's beginning.
    this.tokens += report.metrics.num_tokens;
    return { ...report, metrics: { ...report.metrics, num_tokens: this.tokens } };
  }

  /** Everything that is needed to go on from here. */
  async checkpoint(): Promise<Checkpoint> {
    await this.prepare();
    const { backend, config, tokenizer } = this.context;
    const { optimizer } = (this.coldStart ?? this.grpo)!;
    const adapters = this.grpo?.adapters ?? null;
    // Beside adapters the weights themselves are the reference policy.
    const reference = adapters ? null : (this.grpo?.reference ?? null);
    return {
      config,
      tokenizer,
      phase: this.currentPhase,
      step: this.currentStep,
      tokens: this.tokens,
      weights: await readTensors(backend, this.weights),
      optimizer: { tensors: await readTensors(backend, optimizer.moments), updates: optimizer.updates },
      reference: reference && (await readTensors(backend, reference)),
      adapters: adapters && (await readTensors(backend, adapters)),
      curriculum: this.grpo?.curriculum.state ?? [],
    };
  }

  /** The current weights, read back, with the adapters merged where there are some. */
  async storedWeights(): Promise<StoredTensors> {
    const { backend, architecture, config } = this.context;
    const weights = await readTensors(backend, this.weights);
    const adapters = this.grpo?.adapters;
    if (!adapters) return weights;
    return mergedWeights({ ...architecture, lora: loraOf(config) }, weights, await readTensors(backend, adapters));
  }

  /** Frees everything that the run allocated. */
  async dispose(): Promise<void> {
    await this.coldStart?.dispose();
    await this.grpo?.dispose();
    await this.context.backend.dispose();
  }

  /** From the cold start to GRPO, when the former's steps are done. */
  private advance(): void {
    if (this.currentPhase === 'cold_start' && this.currentStep >= this.steps) {
      this.currentPhase = 'grpo';
      this.currentStep = 0;
    }
  }

  private async prepare(): Promise<void> {
    const { pending } = this;
    const resumed = pending?.phase === this.currentPhase ? pending : null;
    if (this.currentPhase === 'cold_start' && !this.coldStart) {
      this.onPrepare('compiling the cold start');
      this.coldStart = new ColdStart(this.context, this.weights);
      if (resumed) this.coldStart.optimizer.load(resumed.optimizer);
    }
    if (this.currentPhase === 'grpo' && !this.grpo) {
      await this.coldStart?.dispose();
      this.coldStart = null;
      this.onPrepare('compiling generation and the training graph');
      this.grpo = await Grpo.create(this.context, this.weights, resumed ?? undefined);
      if (resumed) this.grpo.optimizer.load(resumed.optimizer);
    }
    this.pending = null;
  }
}
