/**
 * The pictures of a real benchmark's questions: in the rows themselves, in files beside them, or frames of videos. A
 * video is a folder of its frames, or a file, out of which the frames that are shown are cut once and kept.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Media } from '../evaluation/suites/rows';
import type { MediaDecoder } from './media-decoder';

const IMAGE = /\.(png|jpe?g|webp)$/i;
const VIDEOS = ['.mp4', '.webm', '.mkv', '.mov'];
/** Digits of a frame's number in a file's name, so that names sort as numbers do. */
const DIGITS = 6;

/** What a question shows. */
interface Shown {
  /** The pictures' numbers: of a video those of its frames, from 0; else 0. */
  readonly frames: readonly number[];
  /** The pictures as files, in order. */
  load(): Promise<Uint8Array[]>;
}

export const NOTHING_SHOWN: Shown = { frames: [], load: async () => [] };

export interface PictureOptions {
  /** Most frames of a video to show, spread evenly from the first to the last. */
  readonly frames: number;
  /** Folder for frames that are cut out of video files. */
  readonly cutFolder: string;
  readonly decoder: Pick<MediaDecoder, 'videoFrames'>;
}

export class Pictures {
  readonly #options: PictureOptions;
  /** By path: many questions are about one video. */
  readonly #videos = new Map<string, Promise<Shown>>();

  constructor(options: PictureOptions) {
    this.#options = options;
  }

  /**
   * The pictures of a question.
   * @param folder what the paths in the rows start from.
   * @throws Error when a file is not there, or a video cannot be decoded.
   */
  async of(media: Media, folder: string): Promise<Shown> {
    switch (media.kind) {
      case 'none':
        return NOTHING_SHOWN;
      case 'bytes':
        return { frames: [0], load: async () => [media.bytes] };
      case 'image':
        return picture(media.path, folder);
      case 'video': {
        const path = join(folder, media.path);
        const known = this.#videos.get(path);
        if (known) return known;
        const shown = this.#video(path, media.path);
        this.#videos.set(path, shown);
        return shown;
      }
    }
  }

  async #video(path: string, name: string): Promise<Shown> {
    const { frames: most, cutFolder } = this.#options;
    const inFolder = picturesIn(path);
    if (inFolder.length > 0) {
      const frames = spread(inFolder.length, most);
      return shownFiles(
        frames,
        frames.map((frame) => join(path, inFolder[frame])),
      );
    }
    const file = VIDEOS.map((ending) => path + ending).find((each) => existsSync(each));
    if (!file) {
      throw new Error(
        `there is no video ${path}.mp4, nor a folder ${path} of its frames; name their folder with --media`,
      );
    }
    const cut = join(cutFolder, name);
    if (relative(cutFolder, cut).startsWith('..')) throw new Error(`${name} names no video below its folder`);
    // A video with fewer frames than that is cut again, which is soon done.
    if (picturesIn(cut).length !== most) await this.#cut(file, cut);
    const files = picturesIn(cut);
    return shownFiles(
      files.map((each) => Number.parseInt(each, 10)),
      files.map((each) => join(cut, each)),
    );
  }

  async #cut(file: string, folder: string): Promise<void> {
    const { frames, decoder } = this.#options;
    const part = `${folder}.part`;
    rmSync(part, { recursive: true, force: true });
    mkdirSync(part, { recursive: true });
    await decoder.videoFrames(
      file,
      (count) => spread(count, frames),
      (frame, png) => writeFileSync(join(part, `${String(frame).padStart(DIGITS, '0')}.png`), png),
    );
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
    console.log(`Cut ${picturesIn(folder).length} frames out of ${relative('', file)}`);
  }
}

function picture(path: string, folder: string): Shown {
  const file = [join(folder, path), join(folder, 'img', path)].find((each) => existsSync(each));
  if (!file) throw new Error(`there is no picture ${join(folder, path)}; name its folder with --media`);
  return shownFiles([0], [file]);
}

function shownFiles(frames: readonly number[], files: readonly string[]): Shown {
  return { frames, load: async () => files.map((file) => readFileSync(file)) };
}

/** Names of a folder's pictures in the order of the numbers in them; none where there is no folder. */
function picturesIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => IMAGE.test(name)) : [];
  return names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** `most` of the numbers 0 to count - 1, from the first to the last: numpy.linspace(0, count - 1, most, dtype=int). */
function spread(count: number, most: number): number[] {
  const shown = Math.min(count, most);
  const step = (count - 1) / (shown - 1);
  return Array.from({ length: shown }, (_, k) => (k === 0 ? 0 : k === shown - 1 ? count - 1 : Math.floor(k * step)));
}
