/**
 * Figures that others published, in percent: from the tables of the M2-Reasoning project (arXiv 2507.08306). They were
 * measured on the real benchmarks; nothing measured on synthetic scenes stands beside them in one table.
 */

/** A table of published rows. */
export interface PublishedTable {
  /** Title for people. */
  readonly title: string;
  /** The benchmark's tasks by the names that scoring gives them, and as column heads. */
  readonly columns: readonly { readonly task: string; readonly title: string }[];
  readonly rows: readonly PublishedRow[];
}

interface PublishedRow {
  readonly origin: 'published';
  readonly model: string;
  /** Percent, in the order of the columns. */
  readonly figures: readonly number[];
  /** As printed: CV-Bench's is not the mean of its columns. */
  readonly average: number;
}

type Row = readonly [model: string, figures: readonly number[], average: number];

function table(title: string, columns: Readonly<Record<string, string>>, rows: readonly Row[]): PublishedTable {
  return {
    title,
    columns: Object.entries(columns).map(([task, head]) => ({ task, title: head })),
    rows: rows.map(([model, figures, average]) => ({ origin: 'published', model, figures, average })),
  };
}

/** Tables by the name of their benchmark. */
export const published: Readonly<Partial<Record<string, PublishedTable>>> = {
  vsi: table(
    'VSI-Bench',
    {
      object_counting: 'Object count',
      object_abs_distance: 'Absolute distance',
      object_size_estimation: 'Object size',
      room_size_estimation: 'Room size',
      object_rel_distance: 'Relative distance',
      object_rel_direction: 'Relative direction',
      route_planning: 'Route plan',
      obj_appearance_order: 'Appearance order',
    },
    [
      ['Gemini-1.5-pro', [56.2, 30.9, 64.1, 43.6, 51.3, 46.3, 36, 34.6], 45.4],
      ['GPT-4o', [46.2, 5.3, 43.8, 38.2, 37, 41.3, 31.5, 28.5], 34.0],
      ['InternVL3-8B', [68.1, 39, 48.4, 33.6, 48.3, 36.4, 27.3, 35.4], 42.1],
      ['Qwen2.5-VL-7B', [37.7, 20.1, 49.7, 37.4, 38.5, 40.4, 31.4, 32], 35.9],
      ['LLaVA-NeXT-Video-7B', [48.5, 14, 47.8, 24.2, 43.5, 42.4, 34, 30.6], 35.6],
      ['M2-Reasoning-7B', [41, 34, 60.9, 55.4, 40.7, 47.3, 29.9, 28.8], 42.3],
    ],
  ),
  cvbench: table('CV-Bench', { Count: 'Count', Relation: 'Relation', Depth: 'Depth', Distance: 'Distance' }, [
    ['GPT-4o', [65.9, 85.7, 87.8, 78.2], 78.9],
    ['Gemini-1.5-pro', [70.4, 85.2, 82.4, 72.8], 77.4],
    ['InternVL3-8B', [74, 90.6, 84.3, 81], 82.0],
    ['Qwen2.5-VL-7B', [65.2, 86.6, 70.6, 79.8], 75.0],
    ['LLaVA-NeXT-Video-7B', [59.3, 77, 71.3, 54.7], 65.2],
    ['M2-Reasoning-7B', [66.6, 92.8, 89.3, 84.3], 82.3],
  ]),
  general: table(
    'general benchmarks',
    {
      mathvista: 'MathVista',
      mathvision: 'MathVision',
      mathverse: 'MathVerse',
      dynamath: 'DynaMath',
      wemath: 'WeMath',
      logicvista: 'LogicVista',
    },
    [
      ['InternVL3-8B', [70.5, 30, 38.5, 25.7, 39.5, 44.5], 41.4],
      ['InternVL3-9B', [69, 29.3, 37.9, 25.1, 34.8, 49], 40.8],
      ['Qwen2.5-VL-7B', [68.1, 25.4, 41.1, 21.8, 36.2, 47.9], 40.1],
      ['MUG-U-7B', [74.8, 26.1, 35.4, 17.2, 26.5, 39.8], 36.6],
      ['SAIL-VL-1.6-8B', [74.2, 23.2, 33.4, 14, 29.6, 41.4], 36.0],
      ['WeThink-VL-7B', [71.6, 26, 44.2, 24.8, 48, 51.2], 44.3],
      ['Taichu-VLR-7B', [72.3, 27.1, 46.7, 23, 44, 48.3], 43.6],
      ['VLAA-Thinker-7B', [68, 26.4, 48.2, 22.4, 41.5, 48.5], 42.5],
      ['URSA-8B-PS-GRPO', [67.8, 31.8, 41.5, 22.4, 38.3, 44.7], 41.1],
      ['Ovis2-8B', [71.8, 25.9, 42.3, 20.4, 27.2, 39.4], 37.8],
      ['Base model', [70.2, 25.9, 30.5, 20.2, 27.2, 37.8], 35.5],
      ['M2-Reasoning-CI-7B (cold start)', [71.7, 29.2, 42.1, 25, 42.8, 46.8], 42.9],
      ['M2-Reasoning-7B', [75, 31.5, 44.7, 26.8, 41.8, 50], 45.0],
    ],
  ),
};
