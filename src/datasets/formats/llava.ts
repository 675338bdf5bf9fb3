/** LLaVA's and ShareGPT's conversations: {split}.json; image paths are relative to the data set's folder. */
import type { SampleRecord } from '../canonical';
import { benchmarkPrompt } from '../prompt';
import { type Format, framePath, perSplit } from '../store';
import { JsonStream } from './json-array';

function conversation(sample: SampleRecord) {
  const paths = sample.frames.map((frame) => framePath(sample.scene, frame));
  return {
    id: sample.id,
    image: paths.length === 1 ? paths[0] : paths,
    conversations: [
      { from: 'human', value: `${'<image>\n'.repeat(paths.length)}${benchmarkPrompt(sample)}` },
      { from: 'gpt', value: sample.answer },
    ],
  };
}

export const llava: Format = {
  name: 'llava',
  summary: 'LLaVA and ShareGPT: {split}.json of conversations; images stay in frames/',
  async convert(source, sink) {
    const files = perSplit(
      async (split) => (await JsonStream.create(sink, `${split}.json`)).open('['),
      (file) => file.close(']'),
    );
    for await (const sample of source.samples()) await (await files.of(sample.split)).add(conversation(sample));
    await files.finish();
  },
};
