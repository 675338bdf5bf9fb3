/**
 * `export`: a checkpoint as one ONNX file for any ONNX Runtime.
 */
import { writeFileSync } from 'node:fs';
import { writeOnnx } from '../graph/onnx-file';
import { inferenceModel } from '../policy/export';
import { readPolicy } from '../training/checkpoint';
import { architectureOf, policyWeights } from '../training/run';
import { type Command, readFlags, required } from './command';
import { policyFolder } from './policy-folder';
import { readCheckpointFolder } from './run-directory';

export const exportCommand: Command = {
  name: 'export',
  summary: 'write a checkpoint as an ONNX model',
  usage: `Usage: npm run -s lab -- export --checkpoint DIR|NAME --out policy.onnx

Writes the policy of a checkpoint as an ONNX model with its weights inside, LoRA's adapters merged into them.
Inputs: pixel_values float32 [batch, 3, size, size] in [-1, 1], input_ids int64 [batch, sequence]. Where policy.frames is
above 1: pixel_values [batch, frames, 3, size, size], and frame_mask float32 [batch, frames], 1 where there is a frame.
Output: logits float32 [batch, sequence, vocabulary].

Flags:
  --checkpoint DIR|NAME   a folder that train has written, or a shipped policy
  --out FILE              the file to write`,
  async run(args) {
    const { values } = readFlags(args, { checkpoint: { type: 'string' }, out: { type: 'string' } });
    const folder = required(values.checkpoint, '--checkpoint');
    const out = required(values.out, '--out');
    const policy = readPolicy(readCheckpointFolder(policyFolder(folder)), folder);
    const architecture = architectureOf(policy.config, policy.tokenizer);
    writeFileSync(out, writeOnnx(inferenceModel(architecture, policyWeights(policy))));
    console.log(`Wrote ${out}`);
  },
};
