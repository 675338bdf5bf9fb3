/** The worker that evaluates, as the page sees it. */
import type { EvaluationEvent, EvaluationRequest } from '../../lab/evaluation-protocol';

/** What the page needs of a Worker. */
export interface EvaluationWorker {
  postMessage(message: EvaluationRequest): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<EvaluationEvent>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  terminate(): void;
}

export const startEvaluationWorker = (): EvaluationWorker =>
  new Worker(new URL('../../lab/evaluation-worker.ts', import.meta.url), { type: 'module', name: 'evaluation' });
