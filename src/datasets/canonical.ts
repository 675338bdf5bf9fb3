/**
 * The canonical data set, as data: what the synthesizer writes, what every other format is converted from, and what the
 * verifier recomputes answers from. Metres, z up, right-handed; camera axes as OpenCV's (x right, y down, z forward);
 * matrices row-major.
 *
 *   samples.jsonl                  a `SampleRecord` a line
 *   scenes/{scene}.json            a `SceneRecord`
 *   frames/{scene}/{frame}.png     colour, 8 bit
 *   depth/{scene}/{frame}.png      16 bit, distance to the image plane in millimetres, 0 where nothing is hit
 *   instances/{scene}/{frame}.png  16 bit instance ids, 0 = the room's shell
 */

type Split = 'train' | 'test' | (string & {});

/** A question with its true answer. */
export interface SampleRecord {
  readonly id: string;
  readonly scene: string;
  readonly split: Split;
  readonly domain: 'spatial' | 'general';
  /** The family's name, the benchmark's `question_type`. */
  readonly task: string;
  readonly kind: 'number' | 'choice' | 'text';
  readonly question: string;
  readonly options: readonly string[] | null;
  readonly answer: string;
  readonly answer_value: number | null;
  readonly unit: string | null;
  /** Frames of the scene that belong to the question, in order. */
  readonly frames: readonly number[];
  readonly reasoning: string;
  readonly evidence: {
    readonly objects: readonly number[];
    readonly values: Readonly<Record<string, number>>;
  };
  /** In [0, 1], with the reasons that make it so. */
  readonly difficulty: { readonly value: number; readonly reasons: Readonly<Record<string, number>> };
}

export interface ObjectRecord {
  readonly id: number;
  readonly category: string;
  readonly centroid: readonly number[];
  readonly axes_lengths: readonly number[];
  /** Three unit vectors, one after the other. */
  readonly axes: readonly number[];
  /** Id of the object that it stands on, 0 for the floor. */
  readonly support: number;
}

export interface CameraRecord {
  readonly frame: number;
  /** Seconds from the first frame. */
  readonly time: number;
  readonly width: number;
  readonly height: number;
  /** 3x3. */
  readonly K: readonly number[];
  /** 4x4. */
  readonly camera_to_world: readonly number[];
}

/** How much of an object a frame shows. Boxes are [x, y, width, height], pixels. */
export interface VisibilityRecord {
  readonly frame: number;
  readonly object: number;
  /** Box of the object's whole silhouette as if nothing stood before it, cut at the frame. */
  readonly bbox_obj: readonly number[];
  readonly bbox_visib: readonly number[];
  /** Pixels of the whole silhouette within the frame. */
  readonly px_count_all: number;
  readonly px_count_visib: number;
  readonly visib_fract: number;
  /** From the camera's centre to the nearest point of the object's box, metres. */
  readonly distance_to_camera: number;
}

export interface SceneRecord {
  readonly seed: number;
  readonly room: {
    readonly type: string;
    readonly polygon: readonly (readonly number[])[];
    readonly height: number;
    readonly area: number;
  };
  readonly objects: readonly ObjectRecord[];
  readonly cameras: readonly CameraRecord[];
  readonly visibility: readonly VisibilityRecord[];
  readonly validation: { readonly ok: boolean; readonly problems: readonly string[] };
}
