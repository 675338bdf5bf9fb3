/** A suite of the lab, made in memory: the questions that `evaluate` asks on the command line, with the same frames. */
import type { SampleRecord } from '../datasets/canonical';
import { type DatasetPlan, sceneName } from '../datasets/plan';
import { synthesizeScene, type SynthesizedScene } from '../datasets/scene-synthesis';
import { selectSamples } from '../datasets/select-samples';
import { generalSuite } from '../evaluation/suites/general';
import { sampleSuite, type SuiteSource } from '../evaluation/suites/source';
import { sceneSuites } from '../evaluation/suites/suites';
import type { EvaluatedScene, SuiteName } from './evaluation-protocol';

export interface MadeSuite {
  readonly source: SuiteSource;
  /** Of the questions that are asked. */
  readonly samples: readonly SampleRecord[];
  /** The scenes that they are about. */
  readonly scenes: Readonly<Record<string, EvaluatedScene>>;
}

/** Hears of each scene that is done, and is awaited: time for messages. */
type OnScene = (done: number, total: number) => Promise<void>;

/** The small suite `name`. */
export async function makeSuite(name: SuiteName, onScene: OnScene): Promise<MadeSuite> {
  if (name !== 'general') return makeSceneSuite(`${name}-small`, sceneSuites[name]('small'), onScene);
  return madeSuite(await sampleSuite('general-small', generalSuite('small')), {});
}

/** The suite of a data set: what `synthesize` would write of `plan`, frames of the training split left out. */
export async function makeSceneSuite(name: string, plan: DatasetPlan, onScene: OnScene): Promise<MadeSuite> {
  const candidates: SynthesizedScene['candidates'][] = [];
  const scenes: Record<string, EvaluatedScene> = {};
  const files = new Map<string, Uint8Array[]>();
  for (let index = 0; index < plan.scenes; index++) {
    const scene = sceneName(index);
    const made = synthesizeScene(plan, index);
    candidates.push(made.candidates);
    const colors = made.frames.map(({ color }) => color);
    files.set(scene, colors);
    const blobs = colors.map((color) => new Blob([new Uint8Array(color)], { type: 'image/png' }));
    scenes[scene] = { record: made.record, frames: Object.fromEntries(blobs.entries()) };
    await onScene(index + 1, plan.scenes);
  }
  const selected: SampleRecord[] = [];
  for await (const { sample } of selectSamples(plan, async (index) => candidates[index])) selected.push(sample);
  const categoryOf = (scene: string, object: number) =>
    scenes[scene].record?.objects.find(({ id }) => id === object)?.category ?? '';
  const source = await sampleSuite(
    name,
    selected,
    async ({ scene, frames }) => frames.map((frame) => files.get(scene)![frame]),
    ({ scene, evidence }) => evidence.objects.map((object) => categoryOf(scene, object)),
  );
  return madeSuite(source, scenes);
}

function madeSuite(source: SuiteSource, scenes: MadeSuite['scenes']): MadeSuite {
  const samples = source.questions.map(({ sample }) => sample);
  const asked = new Set(samples.map(({ scene }) => scene));
  return { source, samples, scenes: Object.fromEntries(Object.entries(scenes).filter(([name]) => asked.has(name))) };
}
