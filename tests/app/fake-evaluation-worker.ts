/** A test double for the worker that evaluates: takes the request and says what a test tells it to. */
import type { EvaluationWorker } from '../../src/app/results/evaluation-worker';
import type { EvaluationEvent, EvaluationRequest } from '../../src/lab/evaluation-protocol';

export class FakeEvaluationWorker implements EvaluationWorker {
  readonly requests: EvaluationRequest[] = [];
  terminated = false;
  readonly #listeners: ((event: MessageEvent<EvaluationEvent>) => void)[] = [];

  addEventListener(type: 'message', listener: (event: MessageEvent<EvaluationEvent>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  addEventListener(
    type: string,
    listener: ((event: MessageEvent<EvaluationEvent>) => void) | ((event: ErrorEvent) => void),
  ): void {
    if (type === 'message') this.#listeners.push(listener as (event: MessageEvent<EvaluationEvent>) => void);
  }

  postMessage(request: EvaluationRequest): void {
    this.requests.push(request);
  }

  terminate(): void {
    this.terminated = true;
  }

  say(data: EvaluationEvent): void {
    for (const listener of this.#listeners) listener(new MessageEvent<EvaluationEvent>('message', { data }));
  }
}
