/** A worker that makes one scene after the other for the worker that makes the data set. */
import type { DatasetPlan } from '../../datasets/plan';
import { synthesizeScene, type SynthesizedScene } from '../../datasets/scene-synthesis';

declare const self: DedicatedWorkerGlobalScope;

export interface SceneRequest {
  readonly plan: DatasetPlan;
  readonly index: number;
}

/** The scene, or why there is none. */
export type SceneReply = { readonly scene: SynthesizedScene } | { readonly message: string };

self.onmessage = ({ data: { plan, index } }: MessageEvent<SceneRequest>) => {
  let reply: SceneReply;
  try {
    reply = { scene: synthesizeScene(plan, index) };
  } catch (error) {
    reply = { message: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(reply);
};
