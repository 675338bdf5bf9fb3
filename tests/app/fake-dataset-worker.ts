/** A test double for the worker that makes data sets: takes requests and says what a test tells it to. */
import type { DatasetWorker } from '../../src/app/dataset/dataset-client';
import type { DatasetEvent, DatasetRequest } from '../../src/lab/dataset/protocol';

export class FakeDatasetWorker implements DatasetWorker {
  readonly requests: DatasetRequest[] = [];
  terminated = false;
  readonly #listeners: ((event: MessageEvent<DatasetEvent>) => void)[] = [];

  addEventListener(type: 'message', listener: (event: MessageEvent<DatasetEvent>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  addEventListener(
    type: string,
    listener: ((event: MessageEvent<DatasetEvent>) => void) | ((event: ErrorEvent) => void),
  ): void {
    if (type === 'message') this.#listeners.push(listener as (event: MessageEvent<DatasetEvent>) => void);
  }

  postMessage(request: DatasetRequest): void {
    this.requests.push(request);
  }

  terminate(): void {
    this.terminated = true;
  }

  say(data: DatasetEvent): void {
    for (const listener of this.#listeners) listener(new MessageEvent<DatasetEvent>('message', { data }));
  }
}
