/**
 * The settings of a data set as they are typed, what they mean as a plan, and the command that makes the same files
 * without a window.
 */
import { checkPlan, type DatasetPlan } from '../../datasets/plan';
import { MOST_FILES } from '../../lab/dataset/zip';
import { families } from '../../tasks/registry';
import { MAX_SEED } from '../url';
import { type RandomizationDraft, randomizationOf } from './randomization-draft';

export interface DatasetDraft {
  readonly seed: string;
  readonly scenes: string;
  readonly frames: string;
  readonly width: string;
  readonly height: string;
  /** Share of the scenes that goes to the test split. */
  readonly testShare: string;
  readonly tasks: readonly string[];
  /** Names of formats beyond the canonical one. */
  readonly formats: readonly string[];
  /** Whether each scene gets a video as well, where the browser encodes any. */
  readonly videos: boolean;
  readonly randomization: RandomizationDraft;
}

export type NumberField = 'seed' | 'scenes' | 'frames' | 'width' | 'height' | 'testShare';

/** The fields that are typed, in the order of the form. */
export const NUMBER_FIELDS: readonly (readonly [NumberField, string])[] = [
  ['seed', 'Seed'],
  ['scenes', 'Scenes'],
  ['frames', 'Frames a scene'],
  ['width', 'Width, pixels'],
  ['height', 'Height, pixels'],
  ['testShare', 'Test share'],
];

/** As the command line's defaults; few scenes, so that a first try is short. */
export const initialDraft: DatasetDraft = {
  seed: '1',
  scenes: '20',
  frames: '16',
  width: '256',
  height: '256',
  testShare: '0.1',
  tasks: families.map(({ name }) => name),
  formats: [],
  videos: false,
  randomization: {},
};

interface Problem {
  /** The field that is wrong; null where it is not one alone. */
  readonly field: NumberField | null;
  readonly message: string;
}

type Meaning =
  { readonly plan: DatasetPlan; readonly problem: null } | { readonly plan: null; readonly problem: Problem };

/** The plan that `draft` asks for, or the first thing that is wrong with it. */
export function planOf(draft: DatasetDraft): Meaning {
  const wrong = (field: NumberField | null, message: string): Meaning => ({ plan: null, problem: { field, message } });
  for (const [field, title] of NUMBER_FIELDS.slice(0, -1)) {
    if (!/^\d{1,10}$/.test(draft[field])) return wrong(field, `${title}: "${draft[field]}" is no whole number.`);
  }
  const [seed, scenes, frames, width, height] = NUMBER_FIELDS.map(([field]) => Number(draft[field]));
  if (seed > MAX_SEED) return wrong('seed', `Seed: give a whole number up to ${MAX_SEED}.`);
  const share = Number(draft.testShare);
  if (draft.testShare.trim() === '' || !(share >= 0 && share <= 0.9)) {
    return wrong('testShare', `Test share: "${draft.testShare}" is no number from 0 to 0.9.`);
  }
  // 1 - 0.3 is not 0.7 to the last bit; the command line says 0.7.
  const rest = Number((1 - share).toFixed(6));
  const split: Record<string, number> = share === 0 ? { train: 1 } : { train: rest, test: share };
  let plan: DatasetPlan = { seed, scenes, frames, width, height, tasks: draft.tasks, split };
  try {
    const randomization = randomizationOf(draft.randomization);
    if (randomization) plan = { ...plan, randomization };
    checkPlan(plan);
  } catch (error) {
    return wrong(null, error instanceof Error ? error.message : String(error));
  }
  const files = scenes * (1 + 3 * frames + (draft.videos ? 1 : 0));
  if (files > MOST_FILES) {
    return wrong(
      'scenes',
      `These are ${files.toLocaleString('en-US')} files, and a zip of this page holds 65,535: make fewer scenes or frames, or use the command below.`,
    );
  }
  return { plan, problem: null };
}

/** The command that writes the same files into a folder, but for videos. */
export function commandOf(plan: DatasetPlan, formats: readonly string[]): string {
  const { seed, scenes, frames, width, height, tasks, split, randomization } = plan;
  const all = tasks.length === families.length;
  return [
    'npm run -s lab -- synthesize',
    `--seed ${seed} --scenes ${scenes} --frames ${frames} --size ${width}x${height}`,
    ...(all ? [] : [`--tasks ${tasks.join()}`]),
    `--split ${Object.entries(split)
      .map(([name, share]) => `${name}=${share}`)
      .join()}`,
    ...(formats.length === 0 ? [] : [`--format canonical,${formats.join()}`]),
    ...(randomization ? [`--randomization '${JSON.stringify(randomization)}'`] : []),
    '--out DIR',
  ].join(' ');
}
