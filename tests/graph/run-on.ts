/** Runs a model in the browser on one provider alone, with random inputs. */
import * as ort from 'onnxruntime-web/jspi';
import type { OnnxModel } from '../../src/graph/model';
import { writeOnnx } from '../../src/graph/onnx-file';
import { randomFeeds } from './random-feeds';
import { VOCABULARY } from './transformer-block';

/** The outputs by name. Throws where WebGPU lacks an operator: nothing falls back to the processor. */
export async function runOn(provider: 'webgpu' | 'wasm', model: OnnxModel): Promise<Record<string, readonly number[]>> {
  const session = await ort.InferenceSession.create(writeOnnx(model), {
    executionProviders: [provider],
    ...(provider === 'webgpu' && { extra: { session: { disable_cpu_ep_fallback: '1' } } }),
  });
  const feeds = Object.fromEntries(
    Object.entries(randomFeeds(model, VOCABULARY)).map(([name, { type, dims, data }]) => [
      name,
      type === 'int32'
        ? new ort.Tensor('int32', Int32Array.from(data), [...dims])
        : new ort.Tensor('float32', Float32Array.from(data), [...dims]),
    ]),
  );
  const results = await session.run(feeds);
  const values = Object.entries(results).map(([name, { data }]) => [name, [...(data as Float32Array)]] as const);
  await session.release();
  return Object.fromEntries<readonly number[]>(values);
}
