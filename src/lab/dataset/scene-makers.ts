/** Makers of scenes that work at the same time, each in a worker of its own. Scenes do not depend on each other. */
import type { DatasetPlan } from '../../datasets/plan';
import type { SynthesizedScene } from '../../datasets/scene-synthesis';
import type { SceneReply, SceneRequest } from './scene-worker';

/** Makes a scene by its number. Asked for one at a time. */
export type SceneMaker = (index: number) => Promise<SynthesizedScene>;

/** More would only wait for the storage. */
const MOST = 8;

/** As many makers as there are processors beside the page's own, and what ends them. */
export function startSceneMakers(plan: DatasetPlan): { readonly makers: readonly SceneMaker[]; stop(): void } {
  const count = Math.max(1, Math.min(MOST, plan.scenes, navigator.hardwareConcurrency - 1));
  const workers = Array.from(
    { length: count },
    () => new Worker(new URL('./scene-worker.ts', import.meta.url), { type: 'module', name: 'scenes' }),
  );
  return {
    makers: workers.map((worker) => (index) => ask(worker, { plan, index })),
    stop: () => workers.forEach((worker) => worker.terminate()),
  };
}

function ask(worker: Worker, request: SceneRequest): Promise<SynthesizedScene> {
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(`a worker stopped: ${event.message || 'it could not be loaded'}`));
    worker.onmessage = ({ data }: MessageEvent<SceneReply>) => {
      if ('scene' in data) resolve(data.scene);
      else reject(new Error(data.message));
    };
    worker.postMessage(request);
  });
}
