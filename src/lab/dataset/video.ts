/**
 * A scene's walk as a video file: its frames at their poses' times. The browser encodes (WebCodecs), so that the bytes
 * are not the same everywhere, and some browsers encode nothing.
 */
import {
  BufferTarget,
  CanvasSource,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  QUALITY_VERY_HIGH,
  type VideoCodec,
  WebMOutputFormat,
} from 'mediabunny';

/** Makes the videos of a data set, all frames of which have one size. */
export interface VideoMaker {
  /** Of the file's name. */
  readonly extension: 'mp4' | 'webm';
  /** The video that shows `frames` (PNG files) at `times` (seconds from 0, rising), one frame for each time. */
  encode(frames: readonly Blob[], times: readonly number[]): Promise<Uint8Array>;
}

/** H.264 first, which most readers read; it has even sides only. */
const CODECS: VideoCodec[] = ['avc', 'vp9', 'vp8', 'av1'];
/** How long a frame stays that no other follows, seconds. */
const LONE_FRAME = 1;

/** What makes videos of `width` x `height` pixels in this browser; null where it encodes none of that size. */
export async function videoMaker(width: number, height: number): Promise<VideoMaker | null> {
  const codec = await getFirstEncodableVideoCodec(CODECS, { width, height });
  if (codec === null) return null;
  const extension = codec === 'avc' ? 'mp4' : 'webm';
  return {
    extension,
    async encode(frames, times) {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d', { alpha: false });
      if (!context)
        throw new Error('this browser gives no canvas to encode videos from; make the data set without them');
      const target = new BufferTarget();
      const output = new Output({
        format: extension === 'mp4' ? new Mp4OutputFormat() : new WebMOutputFormat(),
        target,
      });
      const source = new CanvasSource(canvas, { codec, quality: QUALITY_VERY_HIGH });
      output.addVideoTrack(source);
      await output.start();
      for (const [index, frame] of frames.entries()) {
        const picture = await createImageBitmap(frame);
        context.drawImage(picture, 0, 0);
        picture.close();
        await source.add(times[index], durationOf(times, index));
      }
      await output.finalize();
      if (!target.buffer) throw new Error('the browser encoded no video; make the data set without videos');
      return new Uint8Array(target.buffer);
    },
  };
}

/** A frame stays until the next one, the last as long as the one before it. */
function durationOf(times: readonly number[], index: number): number {
  const from = Math.min(index, times.length - 2);
  return from < 0 ? LONE_FRAME : times[from + 1] - times[from];
}
