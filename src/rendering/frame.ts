/**
 * What a rendering of a room holds: the channels of one multi-target pass, pixel for pixel of the same view.
 */

/** The channels of one frame, row by row from the top left. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** sRGB, 4 bytes a pixel, alpha 255. */
  readonly color: Uint8Array;
  /** Distance to the image plane (planar z, not distance to the camera), metres; Infinity where nothing is hit. */
  readonly depth: Float32Array;
  /** Instance id a pixel; 0 is the room's shell. */
  readonly instances: Uint32Array;
}

/** A frame with its normals, which are drawn only where they are asked for. */
export interface NormalFrame extends Frame {
  /**
   * Unit normals of the surfaces as they are shaded, 3 floats a pixel, in room axes (z up), as Blender's and Omniverse
   * Replicator's `normals` are in the world's; zeros where nothing is hit.
   */
  readonly normals: Float32Array;
}

/** How much of an object a frame shows. */
export interface Visibility {
  readonly object: number;
  /** Pixels of the object that are seen. */
  readonly pixels: number;
  /** Box around the seen pixels [x, y, width, height], pixels; four zeros when nothing is seen. */
  readonly bbox: PixelBox;
  /** Pixels that the object alone would cover, cut at the frame. Only where it was measured. */
  readonly silhouettePixels?: number;
  /** Box around those pixels. */
  readonly silhouetteBox?: PixelBox;
  /** Seen pixels over those of the silhouette, in [0, 1]. */
  readonly visibleFraction?: number;
}

/** [x, y, width, height], pixels. */
type PixelBox = readonly [number, number, number, number];

/** A visibility whose amodal part was measured too. */
export type AmodalVisibility = Required<Visibility>;
