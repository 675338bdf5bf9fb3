/** Proofs in the results view: from the files of a data set, every sample's evidence is drawn on its own frames. */
import { expect, test } from 'vitest';
import { proofOf } from '../../src/app/proof/proof';
import { sampleScene } from '../../src/app/results/sample-scene';
import { makeSceneSuite } from '../../src/lab/evaluation-suite';
import { families } from '../../src/tasks/registry';

test('every sample is proven on the frames that it was asked about', async () => {
  const tasks = families.map(({ name }) => name);
  const plan = { seed: 5, scenes: 1, frames: 4, width: 64, height: 48, tasks, split: { test: 1 } };
  const { samples, scenes } = await makeSceneSuite('tiny', plan, async () => undefined);
  expect(samples.some(({ frames }) => frames.length === 4)).toBe(true);
  for (const sample of samples) {
    const scene = scenes[sample.scene];
    const found = await sampleScene(sample, scene);
    const cameras = sample.frames.map((frame) => scene.record!.cameras[frame].camera_to_world);
    expect(found!.frames.map(({ camera }) => camera.cameraToWorld)).toEqual(cameras);
    const { width, height, rgba } = found!.frames[0].picture;
    expect([width, height, rgba.length]).toEqual([64, 48, 4 * 64 * 48]);
    // Each object is in its place, and an empty drawing proves nothing.
    const proof = proofOf(sample, found!.room, found!.frames);
    expect(proof.inRoom.length + proof.inFrames.length, sample.task).toBeGreaterThan(0);
  }
  const [sample] = samples;
  const scene = scenes[sample.scene];
  expect(await sampleScene(sample, { ...scene, record: null })).toBeNull();
  expect(await sampleScene(sample, { ...scene, frames: {} })).toBeNull();
  const broken = Object.fromEntries(Object.keys(scene.frames).map((frame) => [frame, new Blob(['no PNG'])]));
  await expect(sampleScene(sample, { ...scene, frames: broken })).rejects.toThrow();
});
