/** Pictures and videos for tests, made by Chromium: node encodes neither JPEG nor H.264. */
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGUMENTS, ensureChromium } from '../../src/cli/chromium';

declare const Mediabunny: typeof import('mediabunny');

export interface MadeMedia {
  /** A red JPEG picture, 24 x 16. */
  readonly jpeg: Uint8Array;
  /** A video of 64 x 48, H.264 where this Chromium encodes it, ten frames a second; frame k is grey, 20 + 20 * k. */
  readonly mp4: Uint8Array;
}

/** Makes both; `frames` is the video's length, at most 11. */
export async function makeMedia(frames: number): Promise<MadeMedia> {
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...CHROMIUM_ARGUMENTS] });
  try {
    const page = await browser.newPage();
    await page.route('http://localhost/', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto('http://localhost/');
    const script = createRequire(import.meta.url)
      .resolve('mediabunny')
      .replace(/[^/]+$/, 'mediabunny.min.cjs');
    await page.addScriptTag({ path: script });
    const made = await page.evaluate(async (count) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 24, height: 16 });
      const context = canvas.getContext('2d')!;
      context.fillStyle = 'rgb(200, 30, 20)';
      context.fillRect(0, 0, 24, 16);
      const jpeg = canvas.toDataURL('image/jpeg', 0.95);
      [canvas.width, canvas.height] = [64, 48];
      const target = new Mediabunny.BufferTarget();
      const output = new Mediabunny.Output({ format: new Mediabunny.Mp4OutputFormat(), target });
      const quality = Mediabunny.QUALITY_VERY_HIGH;
      const codec = await Mediabunny.getFirstEncodableVideoCodec(['avc', 'vp9'], { width: 64, height: 48 });
      const source = new Mediabunny.CanvasSource(canvas, { codec: codec!, quality, keyFrameInterval: 0.4 });
      output.addVideoTrack(source);
      await output.start();
      for (let frame = 0; frame < count; frame++) {
        const grey = 20 + 20 * frame;
        context.fillStyle = `rgb(${grey}, ${grey}, ${grey})`;
        context.fillRect(0, 0, 64, 48);
        await source.add(frame / 10, 1 / 10);
      }
      await output.finalize();
      return { jpeg: jpeg.slice(jpeg.indexOf(',') + 1), mp4: [...new Uint8Array(target.buffer!)] };
    }, frames);
    return { jpeg: Buffer.from(made.jpeg, 'base64'), mp4: Uint8Array.from(made.mp4) };
  } finally {
    await browser.close();
  }
}
