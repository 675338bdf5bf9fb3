/** A run that is killed goes on from its checkpoint, and ends as if it had not been. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCheckpointFolder, readMetrics, RunDirectory } from '../../src/cli/run-directory';
import { trainCommand } from '../../src/cli/train';
import { presets } from '../../src/training/presets';
import { temporaryFolder } from './lab';

const folder = temporaryFolder();
const configFile = join(folder, 'config.json');
// Killed in the cold start, where every step changes the weights.
const { cold_start, grpo } = presets.tiny;
writeFileSync(
  configFile,
  JSON.stringify({
    ...presets.tiny,
    save_steps: 2,
    cold_start: { ...cold_start, steps: 12 },
    grpo: { ...grpo, steps: 1 },
    dynamic_optimization: { curriculum: true, sample_weights: true },
  }),
);
const whole = join(folder, 'whole');

/** What two equal runs have in common. */
function outcome(run: string) {
  const metrics = readMetrics(run).map((step) =>
    Object.fromEntries(Object.entries(step).filter(([name]) => !/time/.test(name))),
  );
  const digest = createHash('sha256').update(readCheckpointFolder(run)['model.safetensors']).digest('hex');
  return { metrics, digest, curriculum: readFileSync(join(run, 'curriculum.jsonl'), 'utf8') };
}

test('the same metrics and weights after a kill', async () => {
  await trainCommand.run(['--config', configFile, '--out', whole]);
  const killed = join(folder, 'killed');
  const run = spawn('npm', ['run', '-s', 'lab', '--', 'train', '--config', configFile, '--out', killed], {
    stdio: 'ignore',
    detached: true,
  });
  const ended = new Promise((resolve) => run.on('exit', resolve));
  const log = join(killed, 'cold_start.jsonl');
  const steps = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0);
  while (steps() < 3 && run.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
  // The whole group: npm's child is the one that works.
  process.kill(-run.pid!, 'SIGKILL');
  await ended;
  expect(readMetrics(killed)).toEqual([]);
  await trainCommand.run(['--resume', '--out', killed]);
  expect(outcome(killed)).toEqual(outcome(whole));
});

test('a run that died before its first checkpoint starts over', async () => {
  const early = join(folder, 'early');
  cpSync(whole, early, { recursive: true, filter: (source) => !/safetensors|trainer_state|tokenizer/.test(source) });
  await trainCommand.run(['--resume', '--out', early]);
  expect(outcome(early)).toEqual(outcome(whole));
});

test('a save that was cut short is finished when all was written, and dropped when not', async () => {
  for (const ready of [true, false]) {
    const cut = join(folder, ready ? 'ready' : 'unready');
    cpSync(whole, cut, { recursive: true });
    if (ready) {
      renameSync(join(cut, 'trainer_state.json'), join(cut, 'trainer_state.json.part'));
      writeFileSync(join(cut, 'checkpoint.ready'), '');
      expect(() => readCheckpointFolder(cut)).toThrow(/interrupted while it saved/);
    } else writeFileSync(join(cut, 'model.safetensors.part'), 'half');
    // A step after the checkpoint, which resuming takes out.
    for (const log of ['metrics.jsonl', 'curriculum.jsonl']) appendFileSync(join(cut, log), '{"step":2}\n');
    await trainCommand.run(['--resume', '--out', cut]);
    expect(outcome(cut)).toEqual(outcome(whole));
    expect(existsSync(join(cut, 'checkpoint.ready'))).toBe(false);
    expect(existsSync(join(cut, 'model.safetensors.part'))).toBe(false);
  }
});

test('the table of task by difficulty is a line a GRPO step where the run goes by it, and not written where not', () => {
  const lines = outcome(whole).curriculum.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      step: 1,
      cells: [0, 1, 2, 3].map((level) => expect.objectContaining({ task: presets.tiny.data.tasks[0], level })),
    },
  ]);
  const off = join(folder, 'off');
  RunDirectory.create(off, presets.tiny).logCurriculum(1, []);
  expect(existsSync(join(off, 'curriculum.jsonl'))).toBe(false);
});

test('names what does not fit', async () => {
  await expect(trainCommand.run(['--resume', '--out', join(folder, 'none')])).rejects.toThrow(/holds no run/);
  await expect(trainCommand.run(['--resume', '--out', whole, '--seed', '2'])).rejects.toThrow(/--seed/);
  await expect(trainCommand.run(['--config', 'tiny', '--out', whole])).rejects.toThrow(/--resume/);
  // What pretrain leaves is no run, and is not to be trained over.
  const policy = join(folder, 'policy');
  cpSync(whole, policy, { recursive: true, filter: (source) => !/trainer_state|jsonl/.test(source) });
  await expect(trainCommand.run(['--resume', '--out', policy])).rejects.toThrow(/holds no run/);
  const cut = join(folder, 'cut config');
  RunDirectory.create(cut, presets.tiny);
  writeFileSync(join(cut, 'config.json'), '{"seed":');
  await expect(trainCommand.run(['--resume', '--out', cut])).rejects.toThrow(/config\.json is not JSON.*begin the run/);
});
