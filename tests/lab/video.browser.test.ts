/** Videos of sizes and lengths at the edge, as the browser that encoded them plays them. */
import { expect, test } from 'vitest';
import { videoMaker } from '../../src/lab/dataset/video';

async function solid(width: number, height: number, color: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = color;
  context.fillRect(0, 0, width, height);
  return canvas.convertToBlob({ type: 'image/png' });
}

async function opened(bytes: Uint8Array): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  video.muted = true;
  await new Promise<void>((resolve, reject) => {
    video.addEventListener('loadeddata', () => resolve(), { once: true });
    video.addEventListener('error', () => reject(new Error(video.error?.message)), { once: true });
    video.src = URL.createObjectURL(new Blob([new Uint8Array(bytes)]));
  });
  return video;
}

function strongest(video: HTMLVideoElement): string {
  const context = new OffscreenCanvas(1, 1).getContext('2d')!;
  context.drawImage(video, 0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return red > Math.max(green, blue) ? 'red' : green > blue ? 'green' : 'blue';
}

/** Plays to the end. Returns the times in the file of the frames that were told of; a busy browser leaves some out. */
async function played(video: HTMLVideoElement): Promise<Set<number>> {
  const times = new Set<number>();
  const see = (_: number, { mediaTime }: VideoFrameCallbackMetadata) => {
    times.add(Math.round(100 * mediaTime) / 100);
    video.requestVideoFrameCallback(see);
  };
  video.requestVideoFrameCallback(see);
  const ended = new Promise((resolve) => video.addEventListener('ended', resolve, { once: true }));
  await video.play();
  await ended;
  return times;
}

test.each([
  [48, 32],
  [49, 33],
])('%i x %i pixels, frames at uneven times', async (width, height) => {
  const maker = await videoMaker(width, height);
  const frames = await Promise.all(['#c02020', '#2020c0', '#20a020'].map((color) => solid(width, height, color)));
  const video = await opened(await maker!.encode(frames, [0, 0.6, 1.8]));
  expect([video.videoWidth, video.videoHeight]).toEqual([width, height]);
  expect(video.duration).toBeGreaterThan(1.8);
  const times = await played(video);
  expect(times.size).toBeGreaterThan(1);
  for (const time of times) expect([0, 0.6, 1.8]).toContain(time);
  expect(strongest(video)).toBe('green');
});

test('one frame is a video of a second', async () => {
  const maker = await videoMaker(48, 32);
  const video = await opened(await maker!.encode([await solid(48, 32, '#c02020')], [0]));
  expect(video.duration).toBeCloseTo(1, 1);
});

test('no maker of a size that nothing encodes', async () => {
  expect(await videoMaker(1_000_000, 1_000_000)).toBeNull();
});
