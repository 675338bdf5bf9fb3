/** What a policy reads of a question, and the questions that it cannot read. */
import { encode } from 'fast-png';
import { expect, test } from 'vitest';
import { policyInput } from '../../src/evaluation/models/policy-input';
import { ImageError } from '../../src/evaluation/models/frame';
import { questionOf } from '../../src/evaluation/suites/question';
import { Tokenizer } from '../../src/policy/tokenizer';
import { a as small } from '../training/small-policy';
import { sampleOf } from './samples';

const tokenizer = new Tokenizer(['How', ' many', 'move', ' between', ' frame', ' and', ' of ', ' ?']);
const several = { ...small, frames: 4, frame_size: 2, patch_size: 1, max_prompt_length: 40 };

/** A question about `count` frames; frame k is all of red value k. */
function questionAbout(count: number, question = 'How many ?') {
  const sample = sampleOf('q', { question, frames: Array.from({ length: count }, (_, frame) => frame) });
  const image = (red: number) =>
    encode({
      width: 2,
      height: 2,
      channels: 3,
      depth: 8,
      data: Uint8Array.from({ length: 12 }, (_, i) => (i % 3 ? 0 : red)),
    });
  return questionOf(sample, async () => sample.frames.map(image));
}

/** Red of the first pixel of each of the policy's frames. */
async function redsOf(count: number): Promise<number[]> {
  const input = await policyInput(questionAbout(count), tokenizer, several);
  if (typeof input === 'string') throw new Error(input);
  return input.frames.map(({ rgba }) => rgba[0]);
}

test('four of sixteen frames are shown, evenly; of fewer all', async () => {
  expect(await redsOf(16)).toEqual([1, 5, 9, 13]);
  expect(await redsOf(2)).toEqual([0, 1]);
});

test('a question that counts more frames than are shown is not put to it', async () => {
  const about = (of: number) =>
    policyInput(questionAbout(of, `move between frame 2 and frame 4 of ${of} ?`), tokenizer, several);
  expect(await about(16)).toMatch(/names frames by their numbers among 16, and the policy sees 4/);
  expect(await about(4)).toHaveProperty('frames');
});

test('pictures that cannot be read, and prompts that are too long, are reasons', async () => {
  const broken = questionOf(sampleOf('q', { question: 'How many ?' }), () =>
    Promise.reject(new ImageError('no picture')),
  );
  expect(await policyInput(broken, tokenizer, several)).toBe('no picture');
  const jpeg = questionOf(sampleOf('q', { question: 'How many ?' }), async () => [new Uint8Array([0xff, 0xd8])]);
  expect(await policyInput(jpeg, tokenizer, several)).toContain('no whole PNG file');
  const failing = questionOf(sampleOf('q', { question: 'How many ?' }), () => Promise.reject(new Error('disk')));
  await expect(policyInput(failing, tokenizer, several)).rejects.toThrow('disk');
  expect(await policyInput(questionAbout(1, 'How many ? '.repeat(40)), tokenizer, several)).toMatch(/reads 40$/);
});
