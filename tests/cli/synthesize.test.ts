/** The synthesizer from outside: files, resuming a run killed anywhere, verifying, and messages that name what is wrong. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { UsageError } from '../../src/cli/command';
import { synthesizeCommand } from '../../src/cli/synthesize';
import { verifyCommand } from '../../src/cli/verify';
import type { SampleRecord, SceneRecord } from '../../src/datasets/canonical';
import { families } from '../../src/tasks/registry';
import { boxGlb } from '../support/box-glb';
import { lab, type Outcome, temporaryFolder } from './lab';

const folder = temporaryFolder();
const whole = join(folder, 'whole');
const FLAGS = '--seed 5 --scenes 10 --frames 6 --size 64x48 --format verl,llava,webdataset'.split(' ');
let outcome: Outcome;
let printed = '';

beforeAll(() => {
  outcome = lab('synthesize', ...FLAGS, '--out', whole, '--workers', '2');
});
beforeEach(() => {
  printed = '';
  vi.spyOn(console, 'log').mockImplementation((line: string) => void (printed += `${line}\n`));
});
afterEach(() => vi.restoreAllMocks());

/** The command in this process, with one worker. */
async function synthesize(out: string, ...flags: string[]): Promise<void> {
  await synthesizeCommand.run([...flags, '--workers', '1', '--out', out]);
}

/** What a refused command says. */
async function refusal(run: Promise<void>): Promise<string> {
  const error: unknown = await run.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  return error instanceof Error ? error.message : '';
}

/** Every file below `root` with its bytes. */
function filesOf(root: string, below = ''): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(join(root, below)).sort()) {
    const path = join(below, name);
    if (statSync(join(root, path)).isDirectory())
      filesOf(root, path).forEach((bytes, inner) => files.set(inner, bytes));
    else files.set(path, readFileSync(join(root, path)).toString('base64'));
  }
  return files;
}

function sameFiles(a: string, b: string): void {
  const [left, right] = [filesOf(a), filesOf(b)];
  expect([...left.keys()]).toEqual([...right.keys()]);
  for (const [path, bytes] of left) expect(bytes === right.get(path), path).toBe(true);
}

function linesOf<T>(path: string): T[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as T);
}

describe('synthesize', () => {
  test('writes the canonical layout, the card and the formats', () => {
    expect(outcome.stderr).toBe('');
    expect(outcome.status).toBe(0);
    expect(outcome.stdout).toContain('software rasterizer');
    expect(readdirSync(whole).sort()).toEqual(
      [
        'README.md',
        'dataset.json',
        'depth',
        'frames',
        'instances',
        'llava',
        'samples.jsonl',
        'scenes',
        'verl',
        'webdataset',
      ].sort(),
    );
    const samples = linesOf<SampleRecord>(join(whole, 'samples.jsonl'));
    const scenes = readdirSync(join(whole, 'scenes'));
    expect(scenes).toHaveLength(10);
    const card = readFileSync(join(whole, 'README.md'), 'utf8');
    const splitOf = new Map<string, string>();
    for (const { scene, split, frames, task } of samples) {
      expect(splitOf.get(scene) ?? split, 'a scene belongs to one split').toBe(split);
      splitOf.set(scene, split);
      for (const frame of frames) expect(existsSync(join(whole, `frames/${scene}/${frame}.png`))).toBe(true);
      expect(card).toContain(`| ${task} |`);
    }
    expect([...splitOf.values()].filter((split) => split === 'test')).toHaveLength(1);
    for (const name of scenes) {
      const { cameras, objects, validation } = JSON.parse(
        readFileSync(join(whole, 'scenes', name), 'utf8'),
      ) as SceneRecord;
      expect(cameras).toHaveLength(6);
      expect(objects.length).toBeGreaterThan(0);
      expect(validation).toEqual({ ok: true, problems: [] });
    }
  });

  test('writes the fields of the canonical layout, and no others', () => {
    const keys = (value: object) => Object.keys(value).join(' ');
    for (const sample of linesOf<SampleRecord>(join(whole, 'samples.jsonl'))) {
      expect(keys(sample)).toBe(
        'id scene split domain task kind question options answer answer_value unit frames reasoning evidence difficulty',
      );
      expect(keys(sample.evidence)).toBe('objects values');
    }
    const scene = JSON.parse(readFileSync(join(whole, 'scenes/000003.json'), 'utf8')) as SceneRecord;
    expect(keys(scene)).toBe('seed room objects cameras visibility validation');
    expect(keys(scene.room)).toBe('type polygon height area');
    const { objects, cameras, visibility } = scene;
    for (const object of objects) expect(keys(object)).toBe('id category centroid axes_lengths axes support');
    for (const camera of cameras) expect(keys(camera)).toBe('frame time width height K camera_to_world');
    for (const entry of visibility) {
      expect(keys(entry)).toBe(
        'frame object bbox_obj bbox_visib px_count_all px_count_visib visib_fract distance_to_camera',
      );
    }
  });

  test('ends with the same bytes after a kill and --resume, by one process or two', async () => {
    const out = join(folder, 'killed');
    const flags = ['run', '-s', 'lab', '--', 'synthesize', ...FLAGS, '--out', out, '--workers', '1'];
    const run = spawn('npm', flags, { stdio: 'ignore', detached: true });
    const ended = new Promise((resolve) => run.on('exit', resolve));
    while (!existsSync(join(out, 'scenes/000002.json'))) await new Promise((resolve) => setTimeout(resolve, 20));
    // The whole group: npm's child is the one that works.
    process.kill(-run.pid!, 'SIGKILL');
    await ended;
    expect(existsSync(join(out, 'README.md'))).toBe(false);

    expect(await refusal(synthesize(out, ...FLAGS))).toContain('--resume');
    expect(await refusal(synthesize(out, ...FLAGS, '--resume', '--frames', '3'))).toContain('frames 6, not 3');
    await synthesize(out, ...FLAGS, '--resume');
    sameFiles(out, whole);
  });

  const SMALL = '--seed 1 --scenes 2 --frames 2 --size 32x32 --format llava'.split(' ');
  const model = join(folder, 'model');

  /** What a run leaves behind that was killed at a step, put into a copy of the finished folder. */
  const KILLS: readonly (readonly [string, (out: string) => void])[] = [
    [
      'as it wrote its plan',
      (out) => {
        for (const name of readdirSync(out)) rmSync(join(out, name), { recursive: true });
        writeFileSync(join(out, 'dataset.json.part'), '{"se');
      },
    ],
    [
      'in the frames of a scene',
      (out) => {
        for (const name of ['README.md', 'samples.jsonl', 'llava']) rmSync(join(out, name), { recursive: true });
        unlinkSync(join(out, 'scenes/000001.json'));
        unlinkSync(join(out, 'instances/000001/1.png'));
        truncateSync(join(out, 'depth/000001/1.png'), 20);
        rmSync(join(out, 'scenes/000000.json'));
      },
    ],
    [
      'as it put a scene in place',
      (out) => {
        for (const name of ['README.md', 'samples.jsonl', 'llava']) rmSync(join(out, name), { recursive: true });
        rmSync(join(out, 'scenes/000000.json'));
        renameSync(join(out, 'scenes/000001.json'), join(out, 'scenes/000001.json.part'));
        truncateSync(join(out, 'scenes/000001.json.part'), 100);
      },
    ],
    [
      'in a format',
      (out) => {
        renameSync(join(out, 'llava'), join(out, 'llava.part'));
        truncateSync(join(out, 'llava.part/train.json'), 50);
      },
    ],
  ];

  test.each(KILLS)('ends with the same bytes when it was killed %s', async (_, kill) => {
    if (!existsSync(model)) await synthesize(model, ...SMALL);
    const out = join(folder, `copy-${KILLS.findIndex(([, known]) => known === kill)}`);
    cpSync(model, out, { recursive: true });
    kill(out);
    await synthesize(out, ...SMALL, '--resume');
    sameFiles(out, model);
  });

  test('keeps the folder when the disk is full, and goes on when it no longer is', async () => {
    if (!existsSync(model)) await synthesize(model, ...SMALL);
    const out = join(folder, 'full');
    // A device on which nothing fits stands in for the disk.
    mkdirSync(join(out, 'frames/000001'), { recursive: true });
    writeFileSync(join(out, 'dataset.json'), '{}');
    symlinkSync('/dev/full', join(out, 'frames/000001/0.png'));
    expect(await refusal(synthesize(out, ...SMALL, '--resume'))).toContain('was begun with');
    writeFileSync(join(out, 'dataset.json'), '{');
    expect(await refusal(synthesize(out, ...SMALL, '--resume'))).toMatch(/dataset\.json is not JSON/);
    unlinkSync(join(out, 'dataset.json'));
    expect(await refusal(synthesize(out, ...SMALL))).toContain('is not empty');

    writeFileSync(join(out, 'dataset.json'), readFileSync(join(model, 'dataset.json')));
    expect(await refusal(synthesize(out, ...SMALL, '--resume'))).toMatch(/disk is full.*--resume/);
    expect(readdirSync(join(out, 'scenes'))).toEqual(['000000.json']);
    unlinkSync(join(out, 'frames/000001/0.png'));
    await synthesize(out, ...SMALL, '--resume');
    sameFiles(out, model);
  });

  test('adds formats to a finished data set', async () => {
    const out = join(folder, 'later');
    await synthesize(out, ...SMALL.slice(0, -2));
    expect(existsSync(join(out, 'llava'))).toBe(false);
    await synthesize(out, ...SMALL, '--resume');
    sameFiles(out, model);
  });

  test('says which tasks one frame leaves out', async () => {
    const out = join(folder, 'stills');
    await synthesize(out, ...'--seed 2 --scenes 1 --frames 1 --size 32x32'.split(' '));
    const videos = families.filter(({ frames }) => frames === 'video').map(({ name }) => name);
    expect(printed).toContain(`One frame is no video: ${videos.join(', ')}`);
    const card = readFileSync(join(out, 'README.md'), 'utf8');
    expect(card).toMatch(/Without samples: .*view_change.* take several frames/);
    expect(card).not.toContain('| view_change |');
  });

  describe('with randomization and an object of one’s own', () => {
    const out = join(folder, 'own');
    const options = join(folder, 'randomization.json');
    const crate = join(folder, 'crate.glb');
    const randomization = { fieldOfView: [1, 1], eyeHeight: [0.8, 1], roomType: 'office', light: [0.5, 0.5] };
    const own = ['--own', `${crate}:packing crate:height=0.5`];
    const BROUGHT = '--seed 3 --scenes 1 --frames 4 --size 48x32'.split(' ');
    const flags = [...BROUGHT, '--randomization', options, ...own];

    beforeAll(async () => {
      writeFileSync(options, JSON.stringify(randomization));
      writeFileSync(crate, boxGlb(1, 2, 1.5));
      await synthesize(out, ...flags);
    });

    test('draws scenes from them, and says so in the plan and the card', async () => {
      const plan: unknown = JSON.parse(readFileSync(join(out, 'dataset.json'), 'utf8'));
      const sha256 = createHash('sha256')
        .update(boxGlb(1, 2, 1.5))
        .digest('hex');
      expect(plan).toMatchObject({
        randomization,
        own: [{ file: 'crate.glb', sha256, category: 'packing crate', size: { height: 0.5 } }],
      });
      const scene: SceneRecord = JSON.parse(readFileSync(join(out, 'scenes/000000.json'), 'utf8'));
      expect(scene.room.type).toMatch(/^office/);
      const brought = scene.objects.filter(({ category }) => category === 'packing crate');
      expect(brought).toHaveLength(1);
      expect(brought[0].axes_lengths.toSorted()).toEqual([0.25, 0.375, 0.5].map((side) => expect.closeTo(side, 5)));
      for (const { K, camera_to_world } of scene.cameras) {
        expect(K[0]).toBeCloseTo(24 / Math.tan(0.5), 6);
        expect(camera_to_world[11]).toBeGreaterThanOrEqual(0.8);
        expect(camera_to_world[11]).toBeLessThanOrEqual(1);
      }
      const card = readFileSync(join(out, 'README.md'), 'utf8');
      expect(card).toContain('eyeHeight 0.8 to 1');
      expect(card).toContain('packing crate (crate.glb)');
      await verifyCommand.run([out]);
    });

    test('takes the JSON itself as well, to the same bytes', async () => {
      const inline = join(folder, 'own-inline');
      await synthesize(inline, ...BROUGHT, '--randomization', JSON.stringify(randomization), ...own);
      sameFiles(inline, out);
    });

    test('resumes with the same ones only', async () => {
      await synthesize(out, ...flags, '--resume');
      const said = await refusal(synthesize(out, ...BROUGHT, ...own, '--resume'));
      expect(said).toMatch(/was begun with randomization .*"office".*, not left out; resume with the same flags/);
      writeFileSync(crate, boxGlb(1, 2, 1.6));
      expect(await refusal(synthesize(out, ...flags, '--resume'))).toMatch(/was begun with own .*"sha256"/);
    });

    test.each([
      [['--randomization', '{"glare":[0,1]}'], /--randomization: no randomization 'glare'; give any of roomType/],
      [['--randomization', '{"light":[1,9]}'], /light is \[1, 9\]; give \[lowest, highest\] within 0.1 to 1.5/],
      [['--randomization', '{"light"'], /--randomization: this is no JSON/],
      [['--randomization', join(folder, 'none.json')], /--randomization: .*none\.json cannot be read/],
      [['--own', 'crate.glb'], /--own must be like crate\.glb:trash bin:height=0\.6, not "crate\.glb"/],
      [['--own', 'crate.glb:crate:length=1'], /crate\.glb: "length=1" must be width, depth or height/],
      [['--own', `${join(folder, 'none.glb')}:crate:height=1`], /--own: .*none\.glb cannot be read/],
      [['--own', `${options}:crate:height=1`], /--own randomization\.json: /],
    ])('refuses %j', async (wrong, message) => {
      const run = synthesize('x', ...BROUGHT, ...wrong);
      await expect(run).rejects.toBeInstanceOf(UsageError);
      expect(await refusal(run)).toMatch(message);
      expect(existsSync('x')).toBe(false);
    });
  });

  test('refuses a file as its folder', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(await refusal(synthesize(file, ...SMALL))).toContain(`${file} is a file`);
  });

  test.each([
    ['--scenes 1 --out x', '--seed'],
    ['--seed 1 --scenes 0 --out x', '--scenes'],
    ['--seed 1 --scenes 1', '--out'],
    ['--seed -1 --scenes 1 --out x', '--seed'],
    ['--seed 1 --scenes 1 --out x --frames 2.5', '--frames'],
    ['--seed 1 --scenes 1 --out x --frames 5000', 'frames is 5000'],
    ['--seed 1 --scenes 1 --out x --size large', '--size'],
    ['--seed 1 --scenes 1 --out x --size 8x8', '8x8'],
    ['--seed 1 --scenes 1 --out x --tasks object_colour', "'object_colour'"],
    ['--seed 1 --scenes 1 --out x --tasks view_change --frames 1', 'view_change'],
    ['--seed 1 --scenes 1 --out x --split train=0.9', '0.9'],
    ['--seed 1 --scenes 1 --out x --split train', '--split'],
    ['--seed 1 --scenes 1 --out x --split train=0.5,train=0.5', '--split'],
    ['--seed 1 --scenes 1 --out x --format xml', '"xml"'],
    ['--seed 1 --scenes 1 --out x --workers 0', '--workers'],
    ['--seed 1 --scenes 1 --out x --views drone', '--views'],
  ])('refuses %s by %s', async (args, named) => {
    const run = synthesizeCommand.run(args.split(' '));
    await expect(run).rejects.toBeInstanceOf(UsageError);
    expect(await refusal(run)).toContain(named);
    expect(existsSync('x')).toBe(false);
  });
});

describe('verify', () => {
  test('agrees with what was synthesized, of every family', async () => {
    await verifyCommand.run([whole]);
    const samples = linesOf<SampleRecord>(join(whole, 'samples.jsonl'));
    expect(printed).toContain(`All ${samples.length} samples agree`);
    expect(samples.length).toBeGreaterThan(250);
    const rare = ['obj_appearance_order'];
    for (const { name } of families) {
      const own = samples.filter(({ task }) => task === name).length;
      expect(own, name).toBeGreaterThan(rare.includes(name) ? -1 : 0);
      if (own > 0) expect(printed).toMatch(new RegExp(`^${name} +${own} +${own}( |$)`, 'm'));
    }
  });

  test('finds letters even', () => {
    const samples = linesOf<SampleRecord>(join(whole, 'samples.jsonl'));
    for (const count of [2, 3, 4]) {
      const answers = samples.filter(({ options }) => options?.length === count).map(({ answer }) => answer);
      expect(answers.length).toBeGreaterThan(20);
      for (const letter of 'ABCD'.slice(0, count)) {
        const share = answers.filter((answer) => answer === letter).length / answers.length;
        expect(Math.abs(share - 1 / count)).toBeLessThan(0.03);
      }
    }
  });

  test('fails and names what disagrees', async () => {
    const out = join(folder, 'wrong');
    cpSync(whole, out, { recursive: true });
    const lines = linesOf<SampleRecord>(join(out, 'samples.jsonl'));
    const wrong = lines.findIndex(({ task }) => task === 'object_abs_distance');
    lines[wrong] = { ...lines[wrong], answer: '9.9', answer_value: 9.9 };
    writeFileSync(join(out, 'samples.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
    const said = await refusal(verifyCommand.run([out]));
    expect(said).toContain(`1 of ${lines.length} samples disagree`);
    expect(said).toContain(`${lines[wrong].id}: the answer is 9.9`);
  });

  test('says what it cannot read', async () => {
    expect(await refusal(verifyCommand.run([folder]))).toContain('has no samples.jsonl');
    expect(await refusal(verifyCommand.run([]))).toContain('name one folder');
    const out = join(folder, 'broken');
    cpSync(join(whole, 'scenes'), join(out, 'scenes'), { recursive: true });
    const [first, second] = readFileSync(join(whole, 'samples.jsonl'), 'utf8').split('\n');
    writeFileSync(join(out, 'samples.jsonl'), `${first}\n${second.slice(0, 80)}`);
    expect(await refusal(verifyCommand.run([out]))).toContain(`line 2 of ${join(out, 'samples.jsonl')} is not JSON`);
    unlinkSync(join(out, 'scenes/000000.json'));
    expect(await refusal(verifyCommand.run([out]))).toContain('scene 000000');
  });
});
