/**
 * COCO instances: {split}.json with images, annotations and categories. Boxes and masks are of what is seen; a mask is
 * run lengths, column by column from the top left, beginning with the background.
 */
import { decode } from 'fast-png';
import { type Format, framePath, perSplit } from '../store';
import { categoriesOf } from './categories';
import { JsonStream } from './json-array';

interface Image {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

/** COCO's uncompressed run lengths of the pixels whose id is `object`. */
function runLengths({ width, height, data }: Image, object: number): number[] {
  const counts: number[] = [];
  let inside = false;
  let run = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      if ((data[y * width + x] === object) !== inside) {
        counts.push(run);
        run = 0;
        inside = !inside;
      }
      run++;
    }
  }
  counts.push(run);
  return counts;
}

export const coco: Format = {
  name: 'coco',
  summary: 'COCO instances: {split}.json; images stay in frames/',
  async convert(source, sink) {
    const categories = await categoriesOf(source);
    const files = perSplit(
      async (split) => (await JsonStream.create(sink, `${split}.json`)).open('{"images": ['),
      (file) =>
        file.close(`], "categories": ${JSON.stringify(categories.map((name, index) => ({ id: index + 1, name })))}}`),
    );
    let image = 0;
    for await (const { name, split, record } of source.scenes()) {
      for (const { frame, width, height } of record.cameras) {
        await (await files.of(split)).add({ id: image++, file_name: framePath(name, frame), width, height });
      }
    }
    for (const split of source.splits) await (await files.of(split)).open('\n], "annotations": [');
    image = 0;
    let annotation = 1;
    for await (const { name, split, record } of source.scenes()) {
      for (const { frame, width, height } of record.cameras) {
        const instances = decode(await source.file(`instances/${name}/${frame}.png`));
        for (const seen of record.visibility) {
          if (seen.frame !== frame || seen.px_count_visib === 0) continue;
          const { category } = record.objects.find(({ id }) => id === seen.object)!;
          await (
            await files.of(split)
          ).add({
            id: annotation++,
            image_id: image,
            category_id: categories.indexOf(category) + 1,
            bbox: seen.bbox_visib,
            area: seen.px_count_visib,
            segmentation: { size: [height, width], counts: runLengths(instances, seen.object) },
            iscrowd: 0,
          });
        }
        image++;
      }
    }
    await files.finish();
  },
};
