/**
 * WebDataset: {split}-000000.tar, …; the members of a sample share the prefix of its id: {id}.json, and {id}.png with
 * {id}.depth.png and {id}.instances.png, or {id}.0.png, {id}.0.depth.png, … where a sample has several frames.
 */
import { type Format, framePath, perSplit, text } from '../store';
import { TarFile } from './tar';

const PER_SHARD = 1000;

export const webdataset: Format = {
  name: 'webdataset',
  summary: 'WebDataset: {split}-000000.tar, … of at most 1000 samples',
  async convert(source, sink) {
    const open = async (split: string, shard: number) =>
      new TarFile(await sink.create(`${split}-${String(shard).padStart(6, '0')}.tar`));
    const shards = perSplit(
      async (split) => ({ tar: await open(split, 0), count: 0 }),
      ({ tar }) => tar.close(),
    );
    for await (const sample of source.samples()) {
      const shard = await shards.of(sample.split);
      if (shard.count > 0 && shard.count % PER_SHARD === 0) {
        await shard.tar.close();
        shard.tar = await open(sample.split, shard.count / PER_SHARD);
      }
      shard.count++;
      await shard.tar.add(`${sample.id}.json`, text(JSON.stringify(sample)));
      for (const [index, frame] of sample.frames.entries()) {
        const prefix = sample.frames.length === 1 ? sample.id : `${sample.id}.${index}`;
        await shard.tar.add(`${prefix}.png`, await source.file(framePath(sample.scene, frame)));
        await shard.tar.add(`${prefix}.depth.png`, await source.file(`depth/${sample.scene}/${frame}.png`));
        await shard.tar.add(`${prefix}.instances.png`, await source.file(`instances/${sample.scene}/${frame}.png`));
      }
    }
    await shards.finish();
  },
};
