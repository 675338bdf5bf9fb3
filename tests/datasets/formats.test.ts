/**
 * A small data set converted to every format and read back by others' readers: parquet-wasm and Arrow, nanotar, and
 * fast-png. Every row is held against the canonical sample that it comes from.
 */
import { tableFromIPC } from 'apache-arrow';
import { decode } from 'fast-png';
import { parseTar } from 'nanotar';
import { readParquet } from 'parquet-wasm/node';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SampleRecord, SceneRecord } from '../../src/datasets/canonical';
import { CV_TASKS } from '../../src/datasets/formats/cv-bench';
import { formats } from '../../src/datasets/formats/registry';
import { VSI_TASKS } from '../../src/datasets/formats/vsi-bench';
import { type DatasetPlan, sceneName, splits } from '../../src/datasets/plan';
import { synthesizeScene } from '../../src/datasets/scene-synthesis';
import { CandidateCounts, Selection } from '../../src/datasets/selection';
import type { DatasetSource } from '../../src/datasets/store';
import { families, familyNamed } from '../../src/tasks/registry';

const PLAN: DatasetPlan = {
  seed: 3,
  scenes: 8,
  frames: 4,
  width: 48,
  height: 36,
  tasks: families.map(({ name }) => name),
  split: { train: 0.75, test: 0.25 },
};

interface Scene {
  readonly name: string;
  readonly split: string;
  readonly record: SceneRecord;
}

/** The data set of `plan` in memory. */
function datasetOf(plan: DatasetPlan) {
  const files = new Map<string, Uint8Array>();
  const counts = new CandidateCounts();
  const made = Array.from({ length: plan.scenes }, (_, index) => synthesizeScene(plan, index));
  for (const { candidates } of made) counts.add(candidates);
  const selection = new Selection(plan.seed, counts);
  const samples: SampleRecord[] = [];
  const scenes: Scene[] = [...splits(plan)].map((split, index) => {
    const name = sceneName(index);
    const { record, candidates, frames } = made[index];
    frames.forEach(({ color, depth, instances }, frame) => {
      files.set(`frames/${name}/${frame}.png`, color);
      files.set(`depth/${name}/${frame}.png`, depth);
      files.set(`instances/${name}/${frame}.png`, instances);
    });
    samples.push(...selection.select(name, split, candidates).map(({ sample }) => sample));
    // As it would be read from disk.
    return { name, split, record: JSON.parse(JSON.stringify(record)) as SceneRecord };
  });
  const source: DatasetSource = {
    splits: Object.keys(plan.split),
    async *samples() {
      yield* samples;
    },
    async *scenes() {
      yield* scenes;
    },
    async file(path) {
      const bytes = files.get(path);
      if (!bytes) throw new Error(`no file ${path}`);
      return bytes;
    },
  };
  return { source, samples, scenes, files };
}

async function convert(source: DatasetSource, name: string): Promise<Map<string, Uint8Array>> {
  const written = new Map<string, Uint8Array[]>();
  await formats
    .find((format) => format.name === name)!
    .convert(source, {
      async create(path) {
        const parts: Uint8Array[] = [];
        written.set(path, parts);
        return {
          write: async (bytes) => void parts.push(bytes.slice()),
          close: async () => {},
        };
      },
    });
  return new Map([...written].map(([path, parts]) => [path, new Uint8Array(Buffer.concat(parts))]));
}

/** The rows of a parquet file as plain values, read by parquet-wasm and Arrow. */
function rowsOf(bytes: Uint8Array) {
  const table = tableFromIPC(readParquet(bytes).intoIPCStream());
  const rows = table.toArray().map((row) => plain(row) as Record<string, unknown>);
  return { rows, metadata: table.schema.metadata };
}

/** Comparing bytes one by one as a matcher does is slow. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function plain(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return base64(value);
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return plain((value.toJSON as () => unknown).call(value));
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

function json<T>(bytes: Uint8Array | undefined): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

const pathsOf = ({ scene, frames }: SampleRecord) => frames.map((frame) => `frames/${scene}/${frame}.png`);
let dataset: ReturnType<typeof datasetOf>;
/** The same with one frame a scene: no videos. */
let stills: ReturnType<typeof datasetOf>;
const samplesOf = (split: string) => dataset.samples.filter((sample) => sample.split === split);
const sceneOf = ({ scene }: Pick<SampleRecord, 'scene'>) => dataset.scenes.find(({ name }) => name === scene)!.record;
const imagesOf = ({ scene, frames }: SampleRecord, files = dataset.files) =>
  frames.map((frame) => {
    const path = `frames/${scene}/${frame}.png`;
    return { bytes: base64(files.get(path)!), path };
  });

beforeAll(() => {
  dataset = datasetOf(PLAN);
  stills = datasetOf({ ...PLAN, frames: 1 });
});

describe('the canonical data set', () => {
  it('asks in both splits, of many tasks, with frames that the scene has', () => {
    expect(samplesOf('train').length).toBeGreaterThan(40);
    expect(samplesOf('test').length).toBeGreaterThan(10);
    expect(new Set(dataset.samples.map(({ task }) => task)).size).toBeGreaterThan(15);
    for (const sample of dataset.samples) {
      expect([1, PLAN.frames]).toContain(sample.frames.length);
      if (familyNamed(sample.task).frames === 'video') expect(sample.frames).toEqual([0, 1, 2, 3]);
      expect(sceneOf(sample).cameras.map(({ frame }) => frame)).toEqual(expect.arrayContaining([...sample.frames]));
    }
  });

  it('has images whose pixels are what the visibility says', () => {
    for (const { name, record } of dataset.scenes) {
      for (const { frame, width, height } of record.cameras) {
        const color = decode(dataset.files.get(`frames/${name}/${frame}.png`)!);
        expect(color).toMatchObject({ width, height, depth: 8, channels: 3 });
        const depth = decode(dataset.files.get(`depth/${name}/${frame}.png`)!);
        expect(depth).toMatchObject({ width, height, depth: 16, channels: 1 });
        const ids = decode(dataset.files.get(`instances/${name}/${frame}.png`)!);
        expect(ids).toMatchObject({ width, height, depth: 16, channels: 1 });
        const seen = record.visibility.filter((entry) => entry.frame === frame);
        for (const { object, px_count_visib, distance_to_camera } of seen) {
          const pixels = [...ids.data.keys()].filter((pixel) => ids.data[pixel] === object);
          expect(pixels).toHaveLength(px_count_visib);
          // Nothing of the object is nearer to the eye than its box; planar depth is at most that distance's ray.
          const K = record.cameras[frame].K;
          for (const pixel of pixels) {
            const [x, y] = [(pixel % width) + 0.5, Math.floor(pixel / width) + 0.5];
            const ray = Math.hypot((x - K[2]) / K[0], (y - K[5]) / K[4], 1);
            expect((ray * depth.data[pixel]) / 1000).toBeGreaterThan(distance_to_camera - 2e-3);
          }
        }
        expect(ids.data.every((id) => id === 0 || seen.some(({ object }) => object === id))).toBe(true);
      }
    }
  });

  it('has matrices that put every pixel of an object into its box, and its box around its pixels', () => {
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
    for (const { name, record } of dataset.scenes) {
      for (const { frame, width, K, camera_to_world: m } of record.cameras) {
        const rows = [0, 4, 8].map((start) => m.slice(start, start + 4));
        const depth = decode(dataset.files.get(`depth/${name}/${frame}.png`)!);
        const ids = decode(dataset.files.get(`instances/${name}/${frame}.png`)!);
        for (const [pixel, id] of ids.data.entries()) {
          if (id === 0) continue;
          const { centroid, axes, axes_lengths } = record.objects.find((object) => object.id === id)!;
          const z = depth.data[pixel] / 1000;
          const [x, y] = [(pixel % width) + 0.5, Math.floor(pixel / width) + 0.5];
          const seen = [((x - K[2]) / K[0]) * z, ((y - K[5]) / K[4]) * z, z, 1];
          const offset = rows.map((row, k) => dot(row, seen) - centroid[k]);
          for (const k of [0, 1, 2]) {
            // Depth is in whole millimetres.
            expect(Math.abs(dot(offset, axes.slice(3 * k, 3 * k + 3)))).toBeLessThan(axes_lengths[k] / 2 + 0.002);
          }
        }
        for (const { object, bbox_obj } of record.visibility.filter((entry) => entry.frame === frame)) {
          const { centroid, axes, axes_lengths } = record.objects.find(({ id }) => id === object)!;
          const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) => {
            const side = (k: number) => ((corner >> k) & 1 ? 0.5 : -0.5) * axes_lengths[k];
            const offset = centroid.map(
              (value, i) => value + [0, 1, 2].reduce((sum, k) => sum + side(k) * axes[3 * k + i], 0) - m[4 * i + 3],
            );
            const [right, down, forward] = [0, 1, 2].map((column) =>
              dot(
                offset,
                rows.map((row) => row[column]),
              ),
            );
            return { x: (K[0] * right) / forward + K[2], y: (K[4] * down) / forward + K[5], forward };
          });
          if (corners.some(({ forward }) => forward < 0.05)) continue;
          const [left, top, boxWidth, boxHeight] = bbox_obj;
          expect(left).toBeGreaterThan(Math.min(...corners.map(({ x }) => x)) - 1);
          expect(top).toBeGreaterThan(Math.min(...corners.map(({ y }) => y)) - 1);
          expect(left + boxWidth).toBeLessThan(Math.max(...corners.map(({ x }) => x)) + 1);
          expect(top + boxHeight).toBeLessThan(Math.max(...corners.map(({ y }) => y)) + 1);
        }
      }
    }
  });

  it('gives the same scene again', () => {
    expect(JSON.parse(JSON.stringify(synthesizeScene(PLAN, 2).record))).toEqual(dataset.scenes[2].record);
  });
});

describe('verl', () => {
  it('has a row a sample, with as many placeholders as images', async () => {
    const files = await convert(dataset.source, 'verl');
    for (const split of ['train', 'test']) {
      const { rows } = rowsOf(files.get(`${split}.parquet`)!);
      expect(rows).toHaveLength(samplesOf(split).length);
      samplesOf(split).forEach((sample, index) => {
        const row = rows[index];
        expect(Object.keys(row)).toEqual(['data_source', 'prompt', 'images', 'ability', 'reward_model', 'extra_info']);
        expect(row.images).toEqual(imagesOf(sample));
        const [{ role, content }] = row.prompt as [{ role: string; content: string }];
        expect(role).toBe('user');
        expect(content.match(/<image>/g)).toHaveLength(sample.frames.length);
        expect(content).toContain(sample.question);
        for (const option of sample.options ?? []) expect(content).toContain(`. ${option}`);
        expect(row).toMatchObject({ data_source: `parallax/${sample.task}`, ability: 'spatial' });
        expect(row.reward_model).toEqual({ style: 'rule', ground_truth: sample.answer });
        expect(row.extra_info).toMatchObject({ split, index, answer: sample.answer });
      });
    }
    expect(new TextDecoder().decode(files.get('reward.py'))).toContain('def compute_score(data_source, solution_str');
  });
});

describe('trl', () => {
  it('has prompts as messages, images, and columns for the rewards', async () => {
    const files = await convert(dataset.source, 'trl');
    for (const split of ['train', 'test']) {
      const { rows, metadata } = rowsOf(files.get(`${split}.parquet`)!);
      expect(json(Buffer.from(metadata.get('huggingface')!))).toMatchObject({
        info: { features: { images: [{ _type: 'Image' }], prompt: [{ role: { _type: 'Value', dtype: 'string' } }] } },
      });
      expect(rows).toEqual(
        samplesOf(split).map((sample) => ({
          prompt: [{ role: 'user', content: expect.stringContaining(sample.question) as string }],
          images: imagesOf(sample),
          id: sample.id,
          scene: sample.scene,
          task: sample.task,
          kind: sample.kind,
          answer: sample.answer,
          answer_value: sample.answer_value,
          difficulty: sample.difficulty.value,
        })),
      );
    }
  });
});

describe('hf', () => {
  it.each([
    ['images', () => dataset],
    ['image', () => stills],
  ] as const)('has a column `%s`, declared in the file, and the sample beside it', async (column, of) => {
    const { source, samples } = of();
    const files = await convert(source, 'hf');
    for (const split of ['train', 'test']) {
      const { rows, metadata } = rowsOf(files.get(`data/${split}-00000-of-00001.parquet`)!);
      expect(json(Buffer.from(metadata.get('huggingface')!))).toMatchObject({
        info: {
          features: {
            [column]: column === 'image' ? { _type: 'Image' } : [{ _type: 'Image' }],
            answer_value: { dtype: 'float64' },
          },
        },
      });
      const own = samples.filter((sample) => sample.split === split);
      expect(rows).toHaveLength(own.length);
      own.forEach((sample, index) => {
        const { evidence: _e, frames: _f, difficulty, domain: _d, split: _s, ...kept } = sample;
        const images = imagesOf(sample, of().files);
        const shown = column === 'image' ? images[0] : images;
        expect(rows[index]).toEqual({ ...kept, [column]: shown, difficulty: difficulty.value });
      });
    }
  });
});

describe('llava', () => {
  it('has a conversation a sample', async () => {
    const files = await convert(dataset.source, 'llava');
    for (const split of ['train', 'test']) {
      const entries = json<Record<string, unknown>[]>(files.get(`${split}.json`));
      expect(entries).toEqual(
        samplesOf(split).map((sample) => ({
          id: sample.id,
          image: sample.frames.length === 1 ? pathsOf(sample)[0] : pathsOf(sample),
          conversations: [
            {
              from: 'human',
              value: expect.stringMatching(
                sample.frames.length === 1 ? /^<image>\n[^<]/ : /^(<image>\n){4}[^<]/,
              ) as string,
            },
            { from: 'gpt', value: sample.answer },
          ],
        })),
      );
      entries.forEach((entry, index) => {
        expect(JSON.stringify(entry)).toContain(JSON.stringify(samplesOf(split)[index].question).slice(1, -1));
      });
    }
  });
});

describe('vsi', () => {
  it('has the benchmark’s rows and scene metadata', async () => {
    const files = await convert(dataset.source, 'vsi');
    const ids: unknown[] = [];
    for (const split of ['train', 'test']) {
      const own = samplesOf(split).filter(({ task }) => VSI_TASKS.includes(task));
      const rows = new TextDecoder()
        .decode(files.get(`${split}.jsonl`))
        .trim()
        .split('\n');
      expect(rows).toHaveLength(own.length);
      rows.forEach((line, index) => {
        const { id, ...row } = JSON.parse(line) as Record<string, unknown>;
        ids.push(id);
        const { scene, task, question, answer, options } = own[index];
        const lettered = options && options.map((option, place) => `${'ABCD'[place]}. ${option}`);
        expect(row).toEqual({
          dataset: 'parallax',
          scene_name: scene,
          question_type: task,
          question,
          ground_truth: answer,
          options: lettered,
        });
      });
    }
    expect(new Set(ids).size).toBe(ids.length);
    const metadata = json<
      Record<string, { room_size: number; object_counts: Record<string, number>; object_bbox: object }>
    >(files.get('scene_metadata.json'));
    for (const { name, record } of dataset.scenes) {
      const { room_size, object_counts, object_bbox } = metadata[name];
      expect(room_size).toBe(record.room.area);
      for (const { category, centroid, axes_lengths, axes } of record.objects) {
        expect(object_counts[category]).toBe(record.objects.filter((other) => other.category === category).length);
        const boxes = (object_bbox as Record<string, Record<string, number[]>[]>)[category];
        const box = boxes.find((candidate) => candidate.centroid.join() === centroid.join())!;
        expect(box).toMatchObject({ axesLengths: axes_lengths, normalizedAxes: axes });
        // The corners of the box, and their extent.
        const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) =>
          [0, 1, 2].map((i) =>
            [0, 1, 2].reduce(
              (sum, k) => sum + ((corner >> k) & 1 ? 0.5 : -0.5) * axes_lengths[k] * axes[3 * k + i],
              centroid[i],
            ),
          ),
        );
        for (let i = 0; i < 3; i++) {
          expect(box.min[i]).toBeCloseTo(Math.min(...corners.map((corner) => corner[i])), 9);
          expect(box.max[i]).toBeCloseTo(Math.max(...corners.map((corner) => corner[i])), 9);
        }
      }
    }
  });
});

describe('cvbench', () => {
  it('has the benchmark’s rows', async () => {
    const files = await convert(dataset.source, 'cvbench');
    const order = dataset.samples.filter(({ task }) => task in CV_TASKS);
    expect(order.length).toBeGreaterThan(10);
    for (const split of ['train', 'test']) {
      const own = samplesOf(split).filter(({ task }) => task in CV_TASKS);
      const { rows } = rowsOf(files.get(`${split}.parquet`)!);
      expect(rows).toHaveLength(own.length);
      own.forEach((sample, index) => {
        const [type, task] = CV_TASKS[sample.task];
        const row = rows[index];
        expect(row).toMatchObject({
          idx: order.indexOf(sample),
          type,
          task,
          image: imagesOf(sample)[0],
          question: sample.question,
          choices: sample.options,
          answer: `(${sample.answer})`,
          target_size: [36, 48],
          filename: `frames/${sample.scene}/${sample.frames[0]}.png`,
          source_dataset: 'Parallax',
        });
        expect(row.prompt).toContain(`(${sample.answer}) ${sample.options!['ABCDEF'.indexOf(sample.answer)]}`);
        const { visibility } = sceneOf(sample);
        const boxes = sample.evidence.objects.map(
          (id) => visibility.find((entry) => entry.object === id && entry.frame === sample.frames[0])!.bbox_visib,
        );
        expect(row.bbox).toEqual(boxes);
      });
    }
  });
});

describe('bop', () => {
  it('has poses that put the corners of each box where the canonical camera sees them', async () => {
    const files = await convert(dataset.source, 'bop');
    const models = json<Record<string, number>>(files.get('models.json'));
    for (const { name, split, record } of dataset.scenes) {
      const folder = `${split}/${name}`;
      const cameras = json<Record<string, Record<string, number[]>>>(files.get(`${folder}/scene_camera.json`));
      const poses = json<Record<string, { obj_id: number; cam_R_m2c: number[]; cam_t_m2c: number[] }[]>>(
        files.get(`${folder}/scene_gt.json`),
      );
      const infos = json<Record<string, Record<string, unknown>[]>>(files.get(`${folder}/scene_gt_info.json`));
      for (const { frame, K, camera_to_world: m } of record.cameras) {
        expect(cameras[frame]).toMatchObject({ cam_K: K, depth_scale: 1 });
        const seen = record.visibility.filter((entry) => entry.frame === frame);
        expect(poses[frame]).toHaveLength(seen.length);
        const image = decode(files.get(`${folder}/depth/00000${frame}.png`)!);
        expect(image.data).toEqual(decode(dataset.files.get(`depth/${name}/${frame}.png`)!).data);
        expect(base64(files.get(`${folder}/rgb/00000${frame}.png`)!)).toBe(
          base64(dataset.files.get(`frames/${name}/${frame}.png`)!),
        );
        seen.forEach((entry, place) => {
          const object = record.objects.find(({ id }) => id === entry.object)!;
          const { obj_id, cam_R_m2c: R, cam_t_m2c: t } = poses[frame][place];
          expect(obj_id).toBe(models[object.category]);
          // A corner in model axes, through m2c, and through world and the inverse pose: the same point, in mm.
          const corner = object.axes_lengths.map((length) => 500 * length);
          const viaModel = [0, 1, 2].map(
            (i) => R[3 * i] * corner[0] + R[3 * i + 1] * corner[1] + R[3 * i + 2] * corner[2] + t[i],
          );
          const world = [0, 1, 2].map((i) =>
            [0, 1, 2].reduce(
              (sum, k) => sum + (object.axes_lengths[k] / 2) * object.axes[3 * k + i],
              object.centroid[i],
            ),
          );
          const offset = world.map((value, i) => value - m[4 * i + 3]);
          const viaWorld = [0, 1, 2].map(
            (i) => 1000 * (m[i] * offset[0] + m[4 + i] * offset[1] + m[8 + i] * offset[2]),
          );
          viaModel.forEach((value, i) => expect(value).toBeCloseTo(viaWorld[i], 6));
          expect(infos[frame][place]).toEqual({
            bbox_obj: entry.bbox_obj,
            px_count_all: entry.px_count_all,
            px_count_valid: entry.px_count_all,
            px_count_visib: entry.px_count_visib,
            visib_fract: entry.visib_fract,
            bbox_visib: entry.px_count_visib > 0 ? entry.bbox_visib : [-1, -1, -1, -1],
          });
          const mask = decode(files.get(`${folder}/mask_visib/00000${frame}_${String(place).padStart(6, '0')}.png`)!);
          expect(mask.data.filter((value) => value === 255)).toHaveLength(entry.px_count_visib);
        });
      }
    }
  });
});

describe('coco', () => {
  it('has masks whose runs are the pixels of the instance image', async () => {
    const files = await convert(dataset.source, 'coco');
    let annotated = 0;
    for (const split of ['train', 'test']) {
      const { images, annotations, categories } = json<{
        images: { id: number; file_name: string; width: number; height: number }[];
        annotations: {
          image_id: number;
          category_id: number;
          bbox: number[];
          area: number;
          segmentation: { size: number[]; counts: number[] };
        }[];
        categories: { id: number; name: string }[];
      }>(files.get(`${split}.json`));
      expect(images).toHaveLength(PLAN.frames * dataset.scenes.filter((scene) => scene.split === split).length);
      for (const { image_id, category_id, bbox, area, segmentation } of annotations) {
        const image = images.find(({ id }) => id === image_id)!;
        const [, scene, frame] = /frames\/(\d+)\/(\d+)\.png/.exec(image.file_name)!;
        const ids = decode(dataset.files.get(`instances/${scene}/${frame}.png`)!);
        const { counts, size } = segmentation;
        expect(size).toEqual([image.height, image.width]);
        const pixels: number[] = [];
        let at = 0;
        counts.forEach((run, index) => {
          if (index % 2 === 1)
            for (let k = at; k < at + run; k++)
              pixels.push((k % image.height) * image.width + Math.floor(k / image.height));
          at += run;
        });
        expect(at).toBe(image.width * image.height);
        expect(pixels).toHaveLength(area);
        const [object] = new Set(pixels.map((pixel) => ids.data[pixel]));
        expect(pixels.every((pixel) => ids.data[pixel] === object)).toBe(true);
        expect(ids.data.filter((id) => id === object)).toHaveLength(area);
        const [columns, rows] = [
          pixels.map((pixel) => pixel % image.width),
          pixels.map((pixel) => Math.floor(pixel / image.width)),
        ];
        const [left, top] = [Math.min(...columns), Math.min(...rows)];
        expect(bbox).toEqual([left, top, Math.max(...columns) - left + 1, Math.max(...rows) - top + 1]);
        const { category } = sceneOf({ scene }).objects.find(({ id }) => id === object)!;
        expect(categories.find(({ id }) => id === category_id)!.name).toBe(category);
        annotated++;
      }
    }
    const visible = dataset.scenes.flatMap(({ record }) =>
      record.visibility.filter((entry) => entry.px_count_visib > 0),
    );
    expect(annotated).toBe(visible.length);
  });
});

describe('webdataset', () => {
  it('has the members of each sample side by side', async () => {
    const files = await convert(dataset.source, 'webdataset');
    for (const split of ['train', 'test']) {
      const members = parseTar(files.get(`${split}-000000.tar`)!);
      const expected = samplesOf(split).flatMap((sample) => [
        { name: `${sample.id}.json`, bytes: null, sample },
        ...sample.frames.flatMap((frame, index) => {
          const prefix = sample.frames.length === 1 ? sample.id : `${sample.id}.${index}`;
          const of = (kind: string) => base64(dataset.files.get(`${kind}/${sample.scene}/${frame}.png`)!);
          return [
            { name: `${prefix}.png`, bytes: of('frames'), sample },
            { name: `${prefix}.depth.png`, bytes: of('depth'), sample },
            { name: `${prefix}.instances.png`, bytes: of('instances'), sample },
          ];
        }),
      ]);
      expect(members.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
      expected.forEach(({ bytes, sample }, index) => {
        const data = Buffer.from(members[index].data!);
        if (bytes === null) expect(json(data)).toEqual(JSON.parse(JSON.stringify(sample)));
        else expect(base64(data) === bytes).toBe(true);
      });
    }
  });
});

describe('a data set of one frame a scene', () => {
  it('asks no question about a video', () => {
    expect(stills.samples.length).toBeGreaterThan(20);
    for (const { frames, task } of stills.samples) {
      expect(frames).toEqual([0]);
      expect(familyNamed(task).frames).toBe('image');
    }
  });
});
