/** Whether this browser can add videos to a data set, as the dialog asks before it offers them. */
import { useEffect, useState } from 'react';

export interface VideoEncoderAnswer {
  readonly ready: boolean;
  /** Why there can be no videos; null while that is not known. */
  readonly problem: string | null;
}

const ASKED: VideoEncoderAnswer = { ready: false, problem: null };

/** The answer for frames of the given size, pixels; asked for anew when it changes. */
export function useVideoEncoder(size: { readonly width: number; readonly height: number } | null): VideoEncoderAnswer {
  const [width, height] = [size?.width ?? 0, size?.height ?? 0];
  const key = `${width}x${height}`;
  const [{ answer, of }, setAnswer] = useState({ answer: ASKED, of: '' });
  useEffect(() => {
    if (width === 0) return;
    let current = true;
    const tell = (problem: string | null) => {
      if (current) setAnswer({ answer: { ready: problem === null, problem }, of: `${width}x${height}` });
    };
    // The muxer is loaded with the dialog, not with the page.
    import('../../lab/dataset/video')
      .then(({ videoMaker }) => videoMaker(width, height))
      .then(
        (maker) => tell(maker ? null : `This browser encodes no video of ${width}x${height} pixels.`),
        (error: unknown) => tell(`The video encoder could not be loaded: ${String(error)}`),
      );
    return () => {
      current = false;
    };
  }, [width, height]);
  return of === key ? answer : ASKED;
}
