/**
 * A picture of raw pixels, drawn without smoothing so that each pixel is seen.
 */
import { useEffect, useRef } from 'react';
import type { Picture } from '../../lab/protocol';

export function PictureCanvas({ picture, label }: { readonly picture: Picture; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const { width, height, rgba } = picture;
    context.putImageData(new ImageData(new Uint8ClampedArray(rgba), width, height), 0, 0);
  }, [picture]);
  return (
    <canvas ref={canvas} className="picture" width={picture.width} height={picture.height}>
      {label}
    </canvas>
  );
}
