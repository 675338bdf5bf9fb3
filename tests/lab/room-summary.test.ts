/** What the page is told of a room: its frame, its walk, the questions about either, and what a reader brought. */
import { expect, test } from 'vitest';
import { showRoom, showWalk } from '../../src/lab/room-summary';
import { inspectRoom } from '../../src/scenes/inspection';
import { ownObject } from '../../src/scenes/own-object';
import { familyNamed } from '../../src/tasks/registry';
import { boxGlb } from '../support/box-glb';

const always = () => Promise.resolve(true);
const shown = showRoom(3);

test('the room passes the inspection, or says what is wrong', () => {
  expect(shown.summary.seed).toBe(3);
  expect(shown.summary.problems).toEqual(inspectRoom(shown.room).problems);
  for (const seed of [1, 2, 4, 5]) {
    const { room, summary } = showRoom(seed);
    expect(summary.problems).toEqual([]);
    // The room of the first draw has the seed itself; each further one a seed of its own.
    expect(room.seed === seed).toBe(summary.discarded.length === 0);
  }
});

test('image families ask about the frame, video families about the walk', async () => {
  const walk = (await showWalk(shown, always))!;
  expect(walk.seed).toBe(3);
  expect(walk.problem).toBeNull();
  expect(walk.frames.length).toBeGreaterThanOrEqual(16);
  expect(walk.frames.map(({ time }) => time)).toEqual(walk.frames.map((_, index) => index));
  const kinds = (questions: typeof walk.questions) => new Set(questions.map(({ task }) => familyNamed(task).frames));
  expect(kinds(shown.summary.questions)).toEqual(new Set(['image']));
  expect(kinds(walk.questions)).toEqual(new Set(['video']));
});

test('each frame’s picture has the size of its camera, and its boxes lie inside', async () => {
  const walk = (await showWalk(shown, always))!;
  for (const { picture, camera, visible } of [shown.summary.frame, ...walk.frames]) {
    expect([picture.width, picture.height]).toEqual([camera.width, camera.height]);
    expect(picture.rgba).toHaveLength(4 * picture.width * picture.height);
    for (const { bbox } of visible) {
      expect(bbox[0] + bbox[2]).toBeLessThanOrEqual(camera.width);
      expect(bbox[1] + bbox[3]).toBeLessThanOrEqual(camera.height);
    }
  }
  expect(shown.summary.policyPicture).toMatchObject({ width: 64, height: 64 });
});

test('a walk that nobody waits for any more ends without a result', async () => {
  let frames = 0;
  expect(await showWalk(shown, async () => ++frames < 3)).toBeNull();
  expect(frames).toBe(3);
});

test('an object that was brought stands in the room in its true size', () => {
  const own = ownObject('chair.glb', boxGlb(1, 3, 2), 'rocking chair', { height: 0.9 });
  const { summary } = showRoom(3, [own]);
  const [brought, ...others] = summary.objects.filter(({ category }) => category === 'rocking chair');
  expect(others).toEqual([]);
  expect(brought.box.axesLengths.map((side) => Number(side.toFixed(6)))).toEqual([0.3, 0.6, 0.9]);
});
