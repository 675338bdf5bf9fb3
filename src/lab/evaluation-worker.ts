/**
 * The worker that evaluates a stored run, on a device of its own and apart from the worker that trains. The checkpoint is
 * read first: the run may train on meanwhile.
 */
import { selectBrowserBackend } from '../backends/select';
import { PolicyModel } from '../evaluation/models/policy';
import type { EvaluationEvent, EvaluationFiles, EvaluationProgress, EvaluationRequest } from './evaluation-protocol';
import { evaluateModel } from './evaluation-run';
import { makeSuite } from './evaluation-suite';
import { loadRun } from './run-storage';

declare const self: DedicatedWorkerGlobalScope;

const post = (event: EvaluationEvent): void => self.postMessage(event);
const report = (progress: EvaluationProgress): void => post({ type: 'progress', progress });

const PHASES = { cold_start: 'cold start', grpo: 'GRPO' } as const;

async function evaluate({ run, suite }: EvaluationRequest): Promise<EvaluationFiles> {
  const { checkpoint } = await loadRun(run);
  const made = await makeSuite(suite, async (done, total) => report({ stage: 'scenes', done, total }));
  report({ stage: 'compiling', done: 0, total: 1 });
  const backend = await selectBrowserBackend('auto');
  const lost = backend.lost.then((reason) => {
    throw new Error(`the device was lost: ${reason}`);
  });
  const name = `${run}, ${PHASES[checkpoint.phase]} step ${checkpoint.step}`;
  const work = async () => evaluateModel(await PolicyModel.create(name, backend, checkpoint), made, report);
  return Promise.race([work(), lost]);
}

self.onmessage = ({ data }: MessageEvent<EvaluationRequest>) => {
  evaluate(data).then(
    (files) => post({ type: 'evaluated', files }),
    (error: unknown) => post({ type: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
};
