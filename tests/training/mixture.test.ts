/** Both domains in one run: shares, blank frames, words, and nothing changed for runs of one domain. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { Tokenizer } from '../../src/policy/tokenizer';
import { generalTaskNames } from '../../src/tasks/general/registry';
import { promptText } from '../../src/tasks/contract';
import { synthesizeSample } from '../../src/tasks/sample';
import { buildVocabulary } from '../../src/tasks/vocabulary';
import { parseRunConfig } from '../../src/training/config';
import { softwareFrames } from '../../src/training/frames';
import { drawSample, mostFrames } from '../../src/training/mixture';
import { presets } from '../../src/training/presets';
import { architectureOf, tokenizerOf, TrainingRun } from '../../src/training/run';

const SPATIAL = ['object_counting', 'camera_object_distance'];
const SIZE = 32;

let backend: Backend;
beforeAll(async () => {
  backend = await createNodeBackend();
});
afterAll(() => backend.dispose());

describe('drawSample', () => {
  it('without general tasks is synthesizeSample', () => {
    const data = { tasks: SPATIAL, general_share: 0, general_difficulty: 1 };
    for (let seed = 0; seed < 5; seed++) {
      const { id, question, mesh, camera } = synthesizeSample(seed, { tasks: SPATIAL, width: SIZE, height: SIZE });
      expect(drawSample(seed, data, { frame_size: SIZE })).toEqual({ id, question, frames: [{ mesh, camera }] });
    }
  });

  it('shows a question about a video by a walk of as many frames as the policy sees, one about an image by one', () => {
    const seen = { frame_size: SIZE, frames: 3 };
    const of = (task: string) => drawSample(4, { tasks: [task], general_share: 0, general_difficulty: 1 }, seen);
    const { frames, question } = of('camera_displacement');
    expect(frames).toHaveLength(3);
    expect(new Set(frames.map(({ mesh }) => mesh)).size).toBe(1);
    const eyes = frames.map(({ camera }) => [3, 7, 11].map((i) => camera.cameraToWorld[i]));
    const distances = eyes.flatMap((a, i) => eyes.slice(i + 1).map((b) => Math.hypot(...a.map((x, k) => x - b[k]))));
    // The walk that is asked about is the one that is shown.
    expect(Math.min(...distances.map((metres) => Math.abs(metres - question.answerValue!)))).toBeLessThan(0.051);
    expect(of('object_counting').frames).toHaveLength(1);
  });

  it('shows at most one frame where no family asks about videos', () => {
    const several = { ...architectureOf(presets.tiny, tokenizerOf(presets.tiny)), frames: 3 };
    expect(mostFrames({ tasks: [...SPATIAL, 'grid_walk'] }, several)).toBe(1);
    expect(mostFrames({ tasks: [...SPATIAL, 'camera_displacement'] }, several)).toBe(3);
  });

  it('keeps to the share, over all the tasks of each domain, and to the difficulty', () => {
    const data = { tasks: [...SPATIAL, 'syllogism', 'grid_walk'], general_share: 0.6, general_difficulty: 0.5 };
    const count = 120;
    const drawn = Array.from({ length: count }, (_, seed) => drawSample(seed, data, { frame_size: SIZE }));
    const general = drawn.filter(({ frames }) => frames.length === 0);
    // Four standard deviations of the share.
    expect(Math.abs(general.length / count - 0.6)).toBeLessThan(4 * Math.sqrt((0.6 * 0.4) / count));
    expect(new Set(general.map(({ question }) => question.task))).toEqual(new Set(['syllogism', 'grid_walk']));
    expect(new Set(drawn.map(({ question }) => question.task)).size).toBe(4);
    const difficulties = general.map(({ question }) => question.difficulty.value);
    expect(Math.max(...difficulties)).toBeLessThan(0.5);
    expect(Math.min(...difficulties)).toBeLessThan(0.1);
    expect(Math.max(...difficulties)).toBeGreaterThan(0.4);
    expect(drawSample(1, data, { frame_size: SIZE })).toEqual(drawn[1]);
  });
});

describe('a view that is null', () => {
  it('is drawn black, and leaves the frames beside it as they are', async () => {
    const { mesh, camera } = synthesizeSample(3, { tasks: SPATIAL, width: SIZE, height: SIZE });
    const source = softwareFrames(backend, SIZE);
    const frames = backend.allocate('frames', 'uint32', [3, SIZE, source.rowStride]);
    await source.draw(Array(3).fill({ mesh, camera }), frames);
    const shown = Array.from(await backend.read(frames));
    await source.draw([{ mesh, camera }, null, { mesh, camera }], frames);
    const pixels = Array.from(await backend.read(frames));
    const third = pixels.length / 3;
    expect(shown.slice(0, third).some((pixel) => (pixel & 0xffffff) !== 0)).toBe(true);
    expect(pixels.slice(0, third)).toEqual(shown.slice(0, third));
    expect(pixels.slice(third, 2 * third).every((pixel) => (pixel & 0xffffff) === 0)).toBe(true);
    expect(pixels.slice(2 * third)).toEqual(shown.slice(2 * third));
  });
});

describe('the vocabulary of both domains', () => {
  const [spatial, both] = [false, true].map((general) => new Tokenizer(buildVocabulary({ general })));
  const pieces = (tokenizer: Tokenizer, text: string) =>
    tokenizer.encode(text).map((token) => tokenizer.decode([token]));

  it('leaves the tokens of spatial texts as they are', () => {
    for (const task of [
      'object_counting',
      'object_rel_distance',
      'point_depth_order',
      'relation_2d',
      'object_rel_direction_hard',
    ]) {
      for (let seed = 0; seed < 3; seed++) {
        const { question } = synthesizeSample(seed, { tasks: [task], width: SIZE, height: SIZE });
        for (const text of [promptText(question), question.reasoning])
          expect(pieces(both, text)).toEqual(pieces(spatial, text));
      }
    }
    expect(both.size).toBeGreaterThan(spatial.size);
    expect(both.size).toBeLessThan(800);
  });
});

describe('a config with general tasks', () => {
  const { tiny } = presets;
  const of = (data: object) => () => parseRunConfig({ ...structuredClone(tiny), data }, 'file.json');

  it('is refused where a task would never be asked, with the remedy', () => {
    expect(of({ tasks: ['syllogism'] })).toThrow(
      /data\.general_share: is 0, so that syllogism would never be asked; raise/,
    );
    expect(of({ tasks: SPATIAL, general_share: 0.5 })).toThrow(
      /names no general family; name some of arithmetic_chain/,
    );
    expect(of({ tasks: ['syllogism'], general_share: 0.5 })).toThrow(/general families only; set it to 1/);
    expect(of({ tasks: [...SPATIAL, 'syllogism'], general_share: 1 })).toThrow(/object_counting would never be asked/);
    expect(of({ tasks: ['view_change'] })).toThrow(/data\.tasks: .*view_change.* set policy\.frames to 2 or more/);
    expect(of({ tasks: ['tea'] })).toThrow(/"tea" is not a question family/);
    expect(of({ tasks: generalTaskNames, general_share: 1 })).not.toThrow();
    expect(of({ tasks: SPATIAL })().data).toMatchObject({ general_share: 0 });
  });

  it('trains, both phases, on questions of both domains', async () => {
    const data = { tasks: ['camera_object_distance', 'syllogism'], general_share: 0.5, general_difficulty: 0 };
    const config = parseRunConfig(
      { ...structuredClone(tiny), data, policy: { ...tiny.policy, max_prompt_length: 32 } },
      'file.json',
    );
    const run = new TrainingRun(backend, config, softwareFrames(backend, config.policy.frame_size));
    const tasks: string[] = [];
    while (!run.finished) {
      const { metrics, completions, pictures } = await run.next();
      expect(Number.isFinite(metrics.loss)).toBe(true);
      completions.forEach(({ task }, row) => {
        tasks.push(task);
        const shown = pictures[Math.floor(row / config.grpo.num_generations)];
        const seen = shown.some(({ rgba }) => rgba.some((value, at) => at % 4 < 3 && value > 0));
        expect([task, seen]).toEqual([task, task !== 'syllogism']);
      });
    }
    await run.dispose();
    expect(new Set(tasks)).toEqual(new Set(['camera_object_distance', 'syllogism']));
  });
});
