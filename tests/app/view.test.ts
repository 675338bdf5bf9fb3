/** What the page works out by itself: the first pose, sizes in words, a guess's reward, a completion's parts. */
import fc from 'fast-check';
import { PerspectiveCamera, Vector3 } from 'three';
import { expect, test } from 'vitest';
import { splitCompletion } from '../../src/app/completion-text';
import { formatSigned, shownSign, title } from '../../src/app/format';
import { rewardOfGuess } from '../../src/app/guess';
import { presets } from '../../src/training/presets';
import { trueSize } from '../../src/app/object-size';
import { dollsHousePose } from '../../src/app/pose';

test('the doll’s house shows the whole room, at any aspect', () => {
  const side = fc.double({ min: 1, max: 15, noNaN: true });
  const room = fc.record({
    x: side,
    y: side,
    width: side,
    depth: side,
    height: fc.double({ min: 2, max: 5, noNaN: true }),
  });
  fc.assert(
    fc.property(room, fc.double({ min: 0.3, max: 4, noNaN: true }), ({ x, y, width, depth, height }, aspect) => {
      const polygon = [
        [x, y],
        [x + width, y],
        [x + width, y + depth],
        [x, y + depth],
      ] as const;
      const pose = dollsHousePose({ polygon, height }, aspect);
      const camera = new PerspectiveCamera((pose.fieldOfView * 180) / Math.PI, aspect);
      camera.up.set(0, 0, 1);
      camera.position.set(...pose.eye);
      camera.lookAt(...pose.target);
      camera.updateMatrixWorld();
      const corners = polygon.flatMap(([cx, cy]) => [0, height].map((z) => new Vector3(cx, cy, z).project(camera)));
      const reach = Math.max(...corners.flatMap((corner) => [Math.abs(corner.x), Math.abs(corner.y)]));
      expect(reach).toBeLessThan(1);
      // Nor is it far away: one corner comes near the edge.
      expect(reach).toBeGreaterThan(0.6);
    }),
  );
});

test('height is along the vertical axis, wherever it stands in the list', () => {
  const cos = Math.cos(0.4);
  const sin = Math.sin(0.4);
  expect(
    trueSize({ centroid: [0, 0, 0], axesLengths: [0.8, 0.9, 2], axes: [0, 0, 1, cos, sin, 0, -sin, cos, 0] }),
  ).toEqual({ length: 2, width: 0.9, height: 0.8, longest: 2 });
});

test('a guess earns all when it is right, e to the minus lambda when it is off by the truth, nothing when it is no number', () => {
  const reward = { ...presets.tiny.reward, gamma: 1, lambda: 2, epsilon: 1e-9 };
  expect(rewardOfGuess('1.4', 1.4, reward)).toBe(1);
  expect(rewardOfGuess(' 2.8 ', 1.4, reward)).toBeCloseTo(Math.exp(-2), 6);
  expect(rewardOfGuess('-1', 0, reward)).toBe(0);
  for (const text of ['', ' ', 'far', '1e999']) expect(rewardOfGuess(text, 1, reward), text).toBeNull();
});

test('a guess earns by the reward that is chosen', () => {
  const reward = { ...presets.tiny.reward, function: 'binary' as const, tolerance: 0.1 };
  expect(rewardOfGuess('1.05', 1, reward)).toBe(1);
  expect(rewardOfGuess('1.5', 1, reward)).toBe(0);
});

test('names read as words, abbreviations as the field writes them', () => {
  const names = ['max_grad_norm', 'lr_scheduler_type', 'use_rslora', 'mlp_ratio', 'ednm'];
  expect(names.map(title)).toEqual(['Max grad norm', 'LR scheduler type', 'Use rsLoRA', 'MLP ratio', 'EDNM']);
});

test('a completion’s parts are the completion', () => {
  const text = fc
    .array(fc.oneof(fc.string(), fc.constantFrom('<think>', '</think>', '<answer>', '</answer>')))
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (completion) => {
      expect(
        splitCompletion(completion)
          .map((part) => part.text)
          .join(''),
      ).toBe(completion);
    }),
  );
  expect(splitCompletion('<think>a</think><answer>2</answer>').map(({ kind }) => kind)).toEqual([
    'tag',
    'think',
    'tag',
    'tag',
    'answer',
    'tag',
  ]);
});

test('a sign is shown where a figure is', () => {
  const values = [0.524, -1.1, 0, 0.0049, -0.0049, 0.0051];
  expect(values.map(formatSigned)).toEqual(['+0.52', '−1.10', '0.00', '0.00', '0.00', '+0.01']);
  expect(values.map(shownSign).map((sign) => sign + 0)).toEqual([1, -1, 0, 0, 0, 1]);
});
