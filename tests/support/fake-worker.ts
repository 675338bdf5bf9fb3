/** A test double for a worker: keeps what it is asked, and says what a test tells it to. */
import type { PageWorker } from '../../src/app/page-worker';

export class FakeWorker<Asked, Said> implements PageWorker<Asked, Said> {
  readonly requests: Asked[] = [];
  terminated = false;
  readonly #listeners: ((event: MessageEvent<Said>) => void)[] = [];

  addEventListener(type: 'message', listener: (event: MessageEvent<Said>) => void): void;
  addEventListener(type: 'error', listener: (event: ErrorEvent) => void): void;
  addEventListener(
    type: string,
    listener: ((event: MessageEvent<Said>) => void) | ((event: ErrorEvent) => void),
  ): void {
    if (type === 'message') this.#listeners.push(listener as (event: MessageEvent<Said>) => void);
  }

  postMessage(request: Asked): void {
    this.requests.push(request);
  }

  terminate(): void {
    this.terminated = true;
  }

  say(data: Said): void {
    for (const listener of this.#listeners) listener(new MessageEvent<Said>('message', { data }));
  }
}
