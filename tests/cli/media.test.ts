/** JPEG pictures and video files of real benchmarks: decoded by Chromium, and asked about. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode } from 'fast-png';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createNodeBackend } from '../../src/backends/node';
import { evaluateCommand } from '../../src/cli/evaluate';
import { MediaDecoder } from '../../src/cli/media-decoder';
import { readRealSuite } from '../../src/cli/real-suite';
import type { SampleRecord } from '../../src/datasets/canonical';
import type { EvaluationResults } from '../../src/evaluation/evaluation';
import { checkpointFiles } from '../../src/training/checkpoint';
import { softwareFrames } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import { TrainingRun } from '../../src/training/run';
import { chatServer } from '../evaluation/questions';
import { temporaryFolder } from './lab';
import { makeMedia, type MadeMedia } from './media';

const FRAMES = 10;
const folder = temporaryFolder();
const vsiFile = join(folder, 'test.jsonl');
const decoder = new MediaDecoder(() => undefined);
let media: MadeMedia;

beforeAll(async () => {
  media = await makeMedia(FRAMES);
  mkdirSync(join(folder, 'scannet'));
  writeFileSync(join(folder, 'scannet', 'scene0.mp4'), media.mp4);
  const row = { dataset: 'scannet', scene_name: 'scene0', question_type: 'object_counting', options: null };
  const rows = [4, 5].map((truth, id) => ({ ...row, id, question: `How many? ${id}`, ground_truth: String(truth) }));
  writeFileSync(vsiFile, rows.map((each) => JSON.stringify(each)).join('\n'));
});
beforeEach(() => void vi.spyOn(console, 'log').mockImplementation(() => undefined));
afterAll(() => decoder.close());

/** The pixel in the middle of a PNG file. */
function middle(png: Uint8Array): number[] {
  const { width, height, channels, data } = decode(png);
  const at = (Math.floor(height / 2) * width + Math.floor(width / 2)) * channels;
  return Array.from(data.subarray(at, at + 3));
}

/** Encoders and colour spaces move values a little. */
function expectNear(pixel: readonly number[], expected: readonly number[]): void {
  for (const [channel, value] of pixel.entries()) expect(Math.abs(value - expected[channel])).toBeLessThan(8);
}

function results(out: string): EvaluationResults {
  return JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as EvaluationResults;
}

describe('the decoder', () => {
  test('turns JPEG into PNG, and leaves plain PNG as it is', async () => {
    const png = await decoder.png(media.jpeg);
    expect(decode(png)).toMatchObject({ width: 24, height: 16, depth: 8 });
    expectNear(middle(png), [200, 30, 20]);
    expect(await decoder.png(png)).toBe(png);
  });

  test('turns PNG of 16 bits a channel into PNG of 8', async () => {
    const data = new Uint16Array(4 * 4 * 3).fill(0x80ff);
    const png = await decoder.png(encode({ width: 4, height: 4, channels: 3, depth: 16, data }));
    expect(decode(png).depth).toBe(8);
    expectNear(middle(png), [0x80, 0x80, 0x80]);
  });

  test('gives the frames that were chosen, by their numbers', async () => {
    const frames: [number, number[]][] = [];
    const choose = (count: number) => (expect(count).toBe(FRAMES), [0, 3, 5, FRAMES - 1]);
    await decoder.videoFrames(join(folder, 'scannet', 'scene0.mp4'), choose, (frame, png) =>
      frames.push([frame, middle(png)]),
    );
    expect(frames.map(([frame]) => frame)).toEqual([0, 3, 5, 9]);
    for (const [frame, pixel] of frames) expectNear(pixel, Array(3).fill(20 + 20 * frame));
  });

  test('names what it cannot decode, and goes on with the next', async () => {
    const file = join(folder, 'broken.mp4');
    writeFileSync(file, 'no video');
    await expect(decoder.videoFrames(file, () => [0], vi.fn())).rejects.toThrow(
      /broken\.mp4 cannot be decoded \(.+\); cut/,
    );
    await expect(decoder.png(new Uint8Array([1, 2, 3]))).rejects.toThrow('cannot be decoded');
    expect(await Promise.all([media.jpeg, media.jpeg].map((image) => decoder.png(image)))).toHaveLength(2);
  });
});

describe('evaluate', () => {
  test('shows endpoints frames of video files, cut once, evenly from the first to the last', async () => {
    const { url, requests, close } = await chatServer(() => ({ kind: 'answer', text: '4' }));
    const out = join(folder, 'video');
    const cut = join(out, 'frames', 'scannet', 'scene0');
    const flags = ['--policy', url, '--model', 'm', '--suite', vsiFile, '--out', out, '--frames', '4', '--no-blank'];
    await evaluateCommand.run(flags);
    expect(requests.map(({ images }) => images)).toEqual([4, 4]);
    expect(readdirSync(cut)).toEqual(['000000.png', '000003.png', '000006.png', '000009.png']);
    expectNear(middle(readFileSync(join(cut, '000006.png'))), [140, 140, 140]);
    const { origin, frames, benchmarks } = results(out);
    expect([origin, frames]).toEqual(['real', [{ of: 4, shown: [1, 2, 3, 4], questions: 2 }]]);
    expect(benchmarks[0].model.by_task.object_counting).toBe((1 + 0.6) / 2);
    const lines = readFileSync(join(out, 'samples.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as SampleRecord).frames)).toEqual(Array(2).fill([0, 3, 6, 9]));

    const { mtimeMs } = statSync(join(cut, '000003.png'));
    await evaluateCommand.run(flags);
    expect([requests.length, statSync(join(cut, '000003.png')).mtimeMs]).toEqual([2, mtimeMs]);
    // Other frames make another evaluation.
    await expect(evaluateCommand.run(flags.with(flags.indexOf('4'), '3'))).rejects.toThrow('whose frames is 4, not 3');
    await close();
  });

  test("shows the lab's policies JPEG pictures and videos", async () => {
    const checkpoint = join(folder, 'checkpoint');
    const backend = await createNodeBackend();
    const run = new TrainingRun(backend, presets.tiny, softwareFrames(backend, presets.tiny.policy.frame_size));
    mkdirSync(checkpoint);
    for (const [name, bytes] of Object.entries(checkpointFiles(await run.checkpoint()))) {
      writeFileSync(join(checkpoint, name), bytes);
    }
    await backend.dispose();
    writeFileSync(join(folder, 'red.jpg'), media.jpeg);
    const file = join(folder, 'pictures.jsonl');
    writeFileSync(file, JSON.stringify({ id: 'p', question: 'How many?', answer: '2', image: 'red.jpg' }));
    const out = join(folder, 'pictures');
    await evaluateCommand.run(['--policy', checkpoint, '--suite', `${file},${vsiFile}`, '--out', out]);
    const { failures, benchmarks, frames, not_asked } = results(out);
    expect([failures, not_asked]).toEqual([[], 0]);
    expect(benchmarks.map(({ benchmark, model, blank }) => [benchmark, model.n, blank?.n])).toEqual([
      ['general', 1, 1],
      ['vsi', 2, 2],
    ]);
    // Ten frames are fewer than the 16 that are shown at most; a policy of one frame sees the fifth.
    expect(frames).toEqual([{ of: FRAMES, shown: [5], questions: 2 }]);
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toContain(
      'Questions about 10 frames (2): the model was shown number 5.',
    );
  });

  test('scores a file of predictions without the videos, as the same questions', async () => {
    const [alone, file] = [join(folder, 'alone.jsonl'), join(folder, 'answers.jsonl')];
    const row = (question_type: string, id: number) => ({
      id,
      question_type,
      dataset: 'd',
      scene_name: 's',
      options: null,
    });
    writeFileSync(alone, JSON.stringify({ ...row('object_counting', 7), question: 'How many?', ground_truth: '4' }));
    writeFileSync(file, JSON.stringify({ id: 7, prediction: '5' }));
    const out = join(folder, 'predictions');
    await evaluateCommand.run(['--policy', file, '--suite', alone, '--out', out]);
    const { benchmarks, frames, fingerprint } = results(out);
    expect([benchmarks[0].model.overall, benchmarks[0].blank, frames]).toEqual([0.6, null, []]);
    mkdirSync(join(folder, 'd'));
    writeFileSync(join(folder, 'd', 's.mp4'), media.mp4);
    const options = { frames: 2, cutFolder: join(folder, 'cut'), decoder };
    expect((await readRealSuite(alone, {}, null, options)).fingerprint).toBe(fingerprint);
  });

  test('cuts no frames to where a row leads out of the folder', async () => {
    const file = join(folder, 'outside.jsonl');
    const row = { id: 0, question_type: 'object_counting', question: 'How many?', ground_truth: '4', options: null };
    writeFileSync(file, JSON.stringify({ ...row, dataset: '..', scene_name: 'outside' }));
    const media = join(folder, 'inside');
    mkdirSync(media);
    writeFileSync(join(folder, 'outside.mp4'), '');
    const options = { frames: 2, cutFolder: join(folder, 'cut'), decoder };
    await expect(readRealSuite(file, {}, media, options)).rejects.toThrow('../outside names no video below its folder');
  });

  test('says where a video was looked for, and which is broken', async () => {
    const options = { frames: 4, cutFolder: join(folder, 'cut'), decoder };
    rmSync(join(folder, 'scannet', 'scene0.mp4'));
    await expect(readRealSuite(vsiFile, {}, null, options)).rejects.toThrow(/row 1: there is no video .*scene0\.mp4/);
    writeFileSync(join(folder, 'scannet', 'scene0.mp4'), media.mp4.subarray(0, 100));
    await expect(readRealSuite(vsiFile, {}, null, options)).rejects.toThrow(/row 2: .*scene0\.mp4 cannot be decoded/);
    expect(existsSync(join(folder, 'cut', 'scannet', 'scene0'))).toBe(false);
  });
});
