/** Where an evaluation's questions come from: a suite of the lab, synthesized beside the results, or a data set's folder. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SampleRecord } from '../datasets/canonical';
import type { DatasetPlan } from '../datasets/plan';
import { framePath } from '../datasets/store';
import { generalSuite } from '../evaluation/suites/general';
import { sampleSuite, type SuiteSource } from '../evaluation/suites/source';
import { sceneSuites, type Size } from '../evaluation/suites/suites';
import { UsageError } from './command';
import { DatasetFolder, finishedPlan } from './dataset-folder';
import { synthesizeCommand } from './synthesize';

/**
 * The questions of `suite`: a suite's name, which is synthesized in `workFolder` unless it is there, or a folder that
 * synthesize has written, of which the test split is asked where it has one.
 * @throws UsageError where `suite` is neither.
 */
export async function openSuite(suite: string, size: Size, workFolder: string): Promise<SuiteSource> {
  if (suite === 'vsi' || suite === 'cv' || suite === 'image') {
    return synthesizedSuite(`${suite}-${size}`, sceneSuites[suite](size), workFolder);
  }
  if (suite === 'general') return sampleSuite(`general-${size}`, generalSuite(size));
  if (!existsSync(join(suite, 'dataset.json'))) {
    throw new UsageError(
      `--suite ${suite} is neither vsi, cv, image or general, nor a folder that synthesize has written, nor a .jsonl or .parquet file`,
    );
  }
  return readDataset(basename(suite), suite);
}

/** The questions of `plan`, which is synthesized in `folder` unless it is there. */
export async function synthesizedSuite(name: string, plan: DatasetPlan, folder: string): Promise<SuiteSource> {
  await synthesizeCommand.run([...flagsOf(plan), '--out', folder, '--resume']);
  return readDataset(name, folder);
}

function flagsOf({ seed, scenes, frames, width, height, tasks, split }: DatasetPlan): string[] {
  const shares = Object.entries(split).map(([name, share]) => `${name}=${share}`);
  return Object.entries({
    seed,
    scenes,
    frames,
    size: `${width}x${height}`,
    tasks: tasks.join(),
    split: shares.join(),
  }).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

async function readDataset(name: string, path: string): Promise<SuiteSource> {
  const folder = new DatasetFolder(path, finishedPlan(path), true);
  const categoriesOf = new Map<string, Map<number, string>>();
  for await (const { name: scene, record } of folder.scenes()) {
    categoriesOf.set(scene, new Map(record.objects.map(({ id, category }) => [id, category])));
  }
  const samples: SampleRecord[] = [];
  for await (const sample of folder.samples()) samples.push(sample);
  return sampleSuite(
    name,
    samples,
    ({ scene, frames }) => Promise.all(frames.map((frame) => folder.file(framePath(scene, frame)))),
    ({ scene, evidence }) => evidence.objects.map((id) => categoriesOf.get(scene)?.get(id) ?? ''),
  );
}
