/**
 * The worker without the page: what the command line drives in a headless Chromium. It passes requests and events on;
 * bytes travel as base64, since the automation protocol speaks JSON.
 */
import type { LabEvent, Request } from './protocol';

declare global {
  interface Window {
    /** Set by the command line before the page loads. */
    parallaxEvent(event: unknown): Promise<void>;
    parallaxRequest(request: Request): void;
  }
}

/** JSON cannot hold bytes: { base64 } stands for them. */
function encodeBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    let binary = '';
    for (let start = 0; start < value.length; start += 0x8000) {
      binary += String.fromCharCode(...value.subarray(start, start + 0x8000));
    }
    return { base64: btoa(binary) };
  }
  if (Array.isArray(value)) return value.map(encodeBytes);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encodeBytes(item)]));
  }
  return value;
}

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'lab' });
const send = (event: LabEvent) => void window.parallaxEvent(encodeBytes(event));

worker.onmessage = ({ data }: MessageEvent<LabEvent>) => send(data);
worker.onerror = ({ message }) => {
  send({ type: 'failed', message: `the worker stopped: ${message}`, remedy: '', fatal: true });
};
window.parallaxRequest = (request) => worker.postMessage(request);
document.title = 'ready';
