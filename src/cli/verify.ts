/**
 * `verify`: whether a data set is true. Every answer and its evidence are recomputed from the scene files alone, by code
 * that shares nothing with the families that asked.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SceneRecord } from '../datasets/canonical';
import { Verification } from '../datasets/verification';
import { type Command, readFlags, UsageError } from './command';
import { parsedJson, samplesIn } from './dataset-folder';

const usage = `Usage: npm run -s lab -- verify DIR

Recomputes every answer of the data set in DIR from its samples.jsonl and scenes/ alone, as synthesize writes them: no
image is read, and no code shared with what asked the questions. Prints, for each task, how many samples there are, how
many agree, and how even the letters are, in percent. Exits 1 when any sample disagrees, and names the first.`;

export const verifyCommand: Command = {
  name: 'verify',
  summary: 'recomputes the answers of a data set from its scene files',
  usage,
  async run(args) {
    const { positionals } = readFlags(args, {}, true);
    if (positionals.length !== 1) throw new UsageError('name one folder with a data set');
    const [path] = positionals;
    if (!existsSync(join(path, 'samples.jsonl'))) {
      throw new Error(`${path} has no samples.jsonl; name a folder that synthesize has finished`);
    }
    const verification = new Verification();
    const sceneOf = sceneReader(path);
    for await (const sample of samplesIn(path)) verification.add(sceneOf(sample.scene), sample);
    console.log(`${'task'.padEnd(28)}samples  agree  letters, percent`);
    for (const line of verification.lines()) console.log(line);
    const { total, disagreements, reasons } = verification;
    if (total === 0) throw new Error(`${path} has no samples`);
    if (disagreements > 0) {
      throw new Error(`${disagreements} of ${total} samples disagree with their scenes:\n${reasons.join('\n')}`);
    }
    console.log(`All ${total} samples agree with their scenes`);
  },
};

/** Reads scenes by name. The last one is kept: the samples of a scene follow each other. */
function sceneReader(path: string): (name: string) => SceneRecord {
  let last: { readonly name: string; readonly scene: SceneRecord } | undefined;
  return (name) => {
    if (last?.name !== name) {
      const file = join(path, 'scenes', `${name}.json`);
      if (!existsSync(file)) throw new Error(`samples.jsonl names scene ${name}, and there is no ${file}`);
      last = { name, scene: parsedJson(readFileSync(file, 'utf8'), file) as SceneRecord };
    }
    return last.scene;
  };
}
