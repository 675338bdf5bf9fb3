/**
 * The worker without the page: what the command line drives in a headless Chromium. It passes requests and events on;
 * bytes travel as base64, since the automation protocol speaks JSON.
 */
import { decodeBytes, encodeBytes } from './json-bytes';
import type { LabEvent, Request } from './protocol';

declare global {
  interface Window {
    /** Set by the command line before the page loads. */
    parallaxEvent(event: unknown): Promise<void>;
    parallaxRequest(request: unknown): void;
  }
}

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'lab' });
const send = (event: LabEvent) => void window.parallaxEvent(encodeBytes(event));

worker.onmessage = ({ data }: MessageEvent<LabEvent>) => send(data);
worker.onerror = ({ message }) => {
  send({ type: 'failed', message: `the worker stopped: ${message}`, remedy: '', fatal: true });
};
window.parallaxRequest = (request) => worker.postMessage(decodeBytes(request) as Request);
document.title = 'ready';
