/**
 * Runs in the browser's storage (the origin private file system): a folder a run, with the checkpoint's files, the
 * metrics so far, and run.json, which is written last and says that the rest is whole.
 */
import type { Checkpoint, CheckpointFiles } from '../training/checkpoint';
import { checkpointFiles, readCheckpoint } from '../training/checkpoint';
import type { RunPhase, StepMetrics } from '../training/report';
import type { StoredRun } from './protocol';

const FOLDER = 'runs';
const INDEX = 'run.json';
const METRICS = 'metrics.json';
/** Older runs are removed when a new one is stored. */
const KEPT_RUNS = 5;

/** A metrics event as it is stored. */
export interface StoredMetrics {
  readonly phase: RunPhase;
  readonly step: number;
  readonly metrics: StepMetrics;
}

async function runsFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create: true });
}

async function writeFile(folder: FileSystemDirectoryHandle, name: string, data: Uint8Array | string): Promise<void> {
  const handle = await folder.getFileHandle(name, { create: true });
  const stream = await handle.createWritable();
  await stream.write(typeof data === 'string' ? data : new Uint8Array(data));
  await stream.close();
}

async function readFile(folder: FileSystemDirectoryHandle, name: string): Promise<Uint8Array> {
  const handle = await folder.getFileHandle(name);
  return new Uint8Array(await (await handle.getFile()).arrayBuffer());
}

function decodeJson<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

/** Stores a run, replacing what was stored of it. */
export async function storeRun(
  id: string,
  checkpoint: Checkpoint,
  metrics: readonly StoredMetrics[],
): Promise<StoredRun> {
  const folder = await (await runsFolder()).getDirectoryHandle(id, { create: true });
  const { phase, step, config } = checkpoint;
  const run: StoredRun = { id, savedAt: new Date().toISOString(), phase, step, config };
  // While the files change the run counts as unwritten.
  await folder.removeEntry(INDEX).catch((error: DOMException) => {
    if (error.name !== 'NotFoundError') throw error;
  });
  for (const [name, bytes] of Object.entries(checkpointFiles(checkpoint))) await writeFile(folder, name, bytes);
  await writeFile(folder, METRICS, JSON.stringify(metrics));
  await writeFile(folder, INDEX, JSON.stringify(run));
  await removeOldRuns();
  return run;
}

/** The stored runs, newest first. */
export async function listRuns(): Promise<StoredRun[]> {
  const runs: StoredRun[] = [];
  for await (const handle of (await runsFolder()).values()) {
    if (handle.kind !== 'directory') continue;
    const index = await readFile(handle, INDEX).catch((error: DOMException) => {
      // A run whose writing was interrupted has no index.
      if (error.name === 'NotFoundError') return null;
      throw error;
    });
    if (index) runs.push(decodeJson<StoredRun>(index));
  }
  return runs.sort((a, b) => b.savedAt.localeCompare(a.savedAt));
}

/** @throws Error naming the run when it is not there or its files are damaged. */
export async function loadRun(id: string): Promise<{ checkpoint: Checkpoint; metrics: StoredMetrics[] }> {
  const folder = await (await runsFolder()).getDirectoryHandle(id).catch((cause: DOMException) => {
    throw new Error(`no run "${id}" is stored in this browser`, { cause });
  });
  const files: Record<string, Uint8Array> = {};
  for await (const name of folder.keys()) files[name] = await readFile(folder, name);
  const { [INDEX]: index, [METRICS]: metrics, ...rest } = files;
  if (!index || !metrics) throw new Error(`the stored run "${id}" is incomplete: saving it was interrupted`);
  return { checkpoint: readCheckpoint(rest satisfies CheckpointFiles, id), metrics: decodeJson(metrics) };
}

async function removeOldRuns(): Promise<void> {
  const folder = await runsFolder();
  for (const { id } of (await listRuns()).slice(KEPT_RUNS)) await folder.removeEntry(id, { recursive: true });
}
