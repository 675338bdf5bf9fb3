/**
 * Pictures and videos that node cannot decode, decoded by a headless Chromium: pictures of any kind that browsers show
 * as PNG, and single frames of videos. The browser starts with the first file that needs it.
 */
import { createRequire } from 'node:module';
import type { InputVideoTrack, WrappedCanvas } from 'mediabunny';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ImageError } from '../evaluation/models/frame';
import { CHROMIUM_ARGUMENTS, ensureChromium } from './chromium';

/** What the page has of mediabunny: a script cannot import from node_modules. */
declare const Mediabunny: typeof import('mediabunny');

/** WebCodecs are there in secure contexts only. Nothing listens at the address: its page is answered here. */
const PAGE = 'http://localhost/';
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PNG_DEPTH_AT = 24;

/** Whether `file` is a PNG of 8 bits a channel, which the lab reads itself. */
function isPlainPng(file: Uint8Array): boolean {
  return PNG_SIGNATURE.every((byte, at) => file[at] === byte) && file[PNG_DEPTH_AT] === 8;
}

export class MediaDecoder {
  readonly #onDetail: (detail: string) => void;
  #opening: Promise<{ browser: Browser; page: Page }> | null = null;
  /** Files go through the page's one input, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(onDetail: (detail: string) => void) {
    this.#onDetail = onDetail;
  }

  /** `image` as a PNG file of 8 bits a channel. Throws ImageError where Chromium cannot decode it. */
  async png(image: Uint8Array): Promise<Uint8Array> {
    if (isPlainPng(image)) return image;
    const buffer = Buffer.from(image);
    return this.#with({ name: 'image', mimeType: 'application/octet-stream', buffer }, async (page) => {
      const encoded = await page.evaluate(async () => {
        const [file] = document.querySelector('input')?.files ?? [];
        const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
        canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
        return canvas.toDataURL('image/png');
      });
      return bytesOf(encoded);
    }).catch((error: Error) => {
      throw new ImageError(`the picture cannot be decoded (${firstLine(error)})`, { cause: error });
    });
  }

  /**
   * Frames of a video file as PNG files.
   * @param choose which of so many frames, by their numbers from 0, rising.
   * @param onFrame hears of each that was chosen, in order.
   * @throws Error naming the file that is no video, or none that Chromium decodes.
   */
  async videoFrames(
    file: string,
    choose: (count: number) => readonly number[],
    onFrame: (frame: number, png: Uint8Array) => void,
  ): Promise<void> {
    await this.#with(file, async (page) => {
      const track = await page.evaluateHandle(chosenTrack);
      const times = await track.evaluate(frameTimes);
      const chosen = choose(times.length);
      const frames = await track.evaluateHandle(
        (video, at) => new Mediabunny.CanvasSink(video).canvasesAtTimestamps(at),
        chosen.map((frame) => times[frame]),
      );
      for (const frame of chosen) onFrame(frame, bytesOf(await frames.evaluate(nextFrame)));
    }).catch((error: Error) => {
      throw new Error(
        `${file} cannot be decoded (${firstLine(error)}); cut it into a folder of frames of the same name, or name another browser with PARALLAX_CHROMIUM`,
        { cause: error },
      );
    });
  }

  async close(): Promise<void> {
    const opened = await this.#opening;
    await opened?.browser.close();
  }

  /** Does `work` while `file` is the page's file. */
  #with<T>(file: Parameters<Page['setInputFiles']>[1], work: (page: Page) => Promise<T>): Promise<T> {
    const done = this.#queue.then(async () => {
      const { page } = await (this.#opening ??= this.#open());
      await page.setInputFiles('input', file);
      return work(page);
    });
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #open(): Promise<{ browser: Browser; page: Page }> {
    this.#onDetail('starting Chromium to decode pictures and videos');
    const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...CHROMIUM_ARGUMENTS] });
    const page = await browser.newPage();
    await page.route(PAGE, (route) => route.fulfill({ contentType: 'text/html', body: '<input type="file">' }));
    await page.goto(PAGE);
    const script = createRequire(import.meta.url)
      .resolve('mediabunny')
      .replace(/[^/\\]+$/, 'mediabunny.min.cjs');
    await page.addScriptTag({ path: script });
    return { browser, page };
  }
}

/** What went wrong in the page, without where in it. */
function firstLine({ message }: Error): string {
  return message.split('\n')[0].replace(/^\w+\.\w+: /, '');
}

function bytesOf(dataUrl: string): Uint8Array {
  return new Uint8Array(Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64'));
}

/** In the page: the video of the chosen file. */
async function chosenTrack(): Promise<InputVideoTrack> {
  const [file] = document.querySelector('input')?.files ?? [];
  const input = new Mediabunny.Input({ formats: Mediabunny.ALL_FORMATS, source: new Mediabunny.BlobSource(file) });
  const track = await input.getPrimaryVideoTrack();
  if (!track) throw new Error('it holds no video');
  if (!(await track.canDecode())) throw new Error(`its codec is ${await track.getCodecParameterString()}`);
  return track;
}

/** In the page: when each frame is shown, seconds, rising. Files hold frames in the order of decoding. */
async function frameTimes(track: InputVideoTrack): Promise<number[]> {
  const times: number[] = [];
  const packets = new Mediabunny.EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true });
  for await (const { timestamp } of packets) times.push(timestamp);
  if (times.length === 0) throw new Error('it holds no frames');
  return times.sort((a, b) => a - b);
}

/** In the page: the next of the frames that were asked for, as the URL of a PNG file. */
async function nextFrame(frames: AsyncGenerator<WrappedCanvas | null>): Promise<string> {
  const { value } = await frames.next();
  if (!value || !(value.canvas instanceof HTMLCanvasElement)) throw new Error('a frame is missing');
  return value.canvas.toDataURL('image/png');
}
