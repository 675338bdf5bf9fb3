/** Policies as a worker gets them: served beside the page or handed over as files, and what it says of a run from one. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/backends/backend';
import { createNodeBackend } from '../../src/backends/node';
import { decodeBytes, encodeBytes } from '../../src/lab/json-bytes';
import { openPolicy } from '../../src/lab/policy-source';
import type { LabEvent } from '../../src/lab/protocol';
import { TrainingSession } from '../../src/lab/training-session';
import { checkpointFiles, type CheckpointFiles, readPolicy } from '../../src/training/checkpoint';
import { parseRunConfig } from '../../src/training/config';
import { softwareFrames } from '../../src/training/frames';
import { presets } from '../../src/training/presets';
import { TrainingRun } from '../../src/training/run';

const { tiny } = presets;
let backend: Backend;
let files: CheckpointFiles;
/** Serves the policy as policies/nano, and the page for all that is not there, as development servers do. */
const server = createServer(({ url }, response) => {
  const [, name] = /^\/lab\/policies\/nano\/(.+)$/.exec(url ?? '') ?? [];
  if (name && files[name]) response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(files[name]);
  else response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<!doctype html>');
});
let page: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lab/`;
  backend = await createNodeBackend();
  const run = new TrainingRun(backend, tiny, softwareFrames(backend, tiny.policy.frame_size));
  files = checkpointFiles(await run.checkpoint());
  await run.dispose();
});
afterAll(async () => {
  await backend.dispose();
  await new Promise((resolve) => server.close(resolve));
});

test('a policy is the same, served or handed over through JSON', async () => {
  const policy = readPolicy(files, 'files');
  expect(await openPolicy('nano', page)).toEqual(policy);
  const travelled = decodeBytes(JSON.parse(JSON.stringify(encodeBytes({ policy: files, seed: [1, null] }))));
  expect(travelled).toEqual({ policy: files, seed: [1, null] });
  expect(await openPolicy('mine', (travelled as { policy: CheckpointFiles }).policy)).toEqual(policy);
});

test('a policy that is not served is named by its folder, though the server answers with the page', async () => {
  await expect(openPolicy('other', page)).rejects.toThrow(
    'there is no policies/other/config.json. Put its files into public/policies/other/, or start from fresh weights',
  );
});

test('a session says first what its run started from', async () => {
  const config = parseRunConfig(
    { ...tiny, model_name_or_path: 'nano', policy: { ...tiny.policy, frames: 2 }, seed: 3 },
    'the test',
  );
  const events: LabEvent[] = [];
  const policy = await openPolicy('nano', page);
  const frames = softwareFrames(backend, config.policy.frame_size);
  const session = new TrainingSession('a', backend, config, frames, { stored: null, policy }, true, (event) =>
    events.push(event),
  );
  expect(events).toEqual([
    {
      type: 'notes',
      run: 'a',
      notes: [
        'starts from the policy nano',
        expect.stringContaining('visual.frame.weight is new, as nano sees 1 frame'),
      ],
    },
  ]);
  await session.dispose();
});
