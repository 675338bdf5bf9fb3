/** The worker that evaluates, as the page sees it. */
import type { EvaluationEvent, EvaluationRequest } from '../../lab/evaluation-protocol';
import type { PageWorker } from '../page-worker';

export type EvaluationWorker = PageWorker<EvaluationRequest, EvaluationEvent>;

export const startEvaluationWorker = (): EvaluationWorker =>
  new Worker(new URL('../../lab/evaluation-worker.ts', import.meta.url), { type: 'module', name: 'evaluation' });
