/** A worker that renders one frame on a device of its own and posts it, for engine.browser.test.ts. */
import { RenderEngine } from '../../src/rendering/engine';
import { lookAt, SAMPLE_ROOM } from './fixtures';

const adapter = await navigator.gpu.requestAdapter();
if (!adapter) throw new Error('this worker needs a WebGPU adapter');
const engine = await RenderEngine.create(await adapter.requestDevice());
const frame = await engine.readFrame(SAMPLE_ROOM, lookAt([-2.2, -1.7, 1.5], [0.5, 0.5, 0.8], 64, 64));
postMessage(frame);
