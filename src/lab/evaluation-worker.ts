/**
 * The worker that evaluates a stored run or a shipped policy, on a device of its own and apart from the worker that
 * trains. A checkpoint is read first: the run may train on meanwhile.
 */
import { selectBrowserBackend } from '../backends/select';
import { PolicyModel } from '../evaluation/models/policy';
import type { StoredPolicy } from '../training/checkpoint';
import type {
  EvaluatedPolicy,
  EvaluationEvent,
  EvaluationFiles,
  EvaluationProgress,
  EvaluationRequest,
} from './evaluation-protocol';
import { evaluateModel } from './evaluation-run';
import { makeSuite } from './evaluation-suite';
import { openPolicy } from './policy-source';
import { loadRun } from './run-storage';

declare const self: DedicatedWorkerGlobalScope;

const post = (event: EvaluationEvent): void => self.postMessage(event);
const report = (progress: EvaluationProgress): void => post({ type: 'progress', progress });

const PHASES = { cold_start: 'cold start', grpo: 'GRPO' } as const;

async function open(policy: EvaluatedPolicy): Promise<{ name: string; stored: StoredPolicy }> {
  if ('shipped' in policy) return { name: policy.shipped, stored: await openPolicy(policy.shipped, policy.page) };
  const { checkpoint } = await loadRun(policy.run);
  return { name: `${policy.run}, ${PHASES[checkpoint.phase]} step ${checkpoint.step}`, stored: checkpoint };
}

async function evaluate({ policy, suite }: EvaluationRequest): Promise<EvaluationFiles> {
  const { name, stored } = await open(policy);
  const made = await makeSuite(suite, async (done, total) => report({ stage: 'scenes', done, total }));
  report({ stage: 'compiling', done: 0, total: 1 });
  const backend = await selectBrowserBackend('auto');
  const lost = backend.lost.then((reason) => {
    throw new Error(`the device was lost: ${reason}`);
  });
  const work = async () => evaluateModel(await PolicyModel.create(name, backend, stored), made, report);
  return Promise.race([work(), lost]);
}

self.onmessage = ({ data }: MessageEvent<EvaluationRequest>) => {
  evaluate(data).then(
    (files) => post({ type: 'evaluated', files }),
    (error: unknown) => post({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
};
