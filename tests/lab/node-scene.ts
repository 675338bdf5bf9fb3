/** Makes a small data set's scenes in Node before the browser's tests, which compare theirs with them. */
import { createHash } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import type { DatasetPlan } from '../../src/datasets/plan';
import { sceneName } from '../../src/datasets/plan';
import { synthesizeScene } from '../../src/datasets/scene-synthesis';
import { families } from '../../src/tasks/registry';

declare module 'vitest' {
  interface ProvidedContext {
    /** SHA-256 in hexadecimal, by path in the data set of `nodePlan`. */
    nodeScenes: Readonly<Record<string, string>>;
    nodePlan: DatasetPlan;
  }
}

const plan: DatasetPlan = {
  seed: 8,
  scenes: 2,
  frames: 2,
  width: 48,
  height: 32,
  tasks: families.map(({ name }) => name),
  split: { train: 0.5, test: 0.5 },
};

export default function setup(project: TestProject): void {
  const files: Record<string, string> = {};
  const add = (path: string, content: string | Uint8Array) => {
    files[path] = createHash('sha256').update(content).digest('hex');
  };
  for (let index = 0; index < plan.scenes; index++) {
    const name = sceneName(index);
    const { record, frames } = synthesizeScene(plan, index);
    add(`scenes/${name}.json`, `${JSON.stringify(record)}\n`);
    frames.forEach(({ color, depth, instances }, frame) => {
      add(`frames/${name}/${frame}.png`, color);
      add(`depth/${name}/${frame}.png`, depth);
      add(`instances/${name}/${frame}.png`, instances);
    });
  }
  project.provide('nodeScenes', files);
  project.provide('nodePlan', plan);
}
