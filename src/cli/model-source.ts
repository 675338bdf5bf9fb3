/**
 * What `--policy` names, as a model that answers: a shipped policy, a checkpoint's folder, an exported policy, a chat
 * endpoint, or predictions.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { ChatEndpoint, type ChatOptions } from '../evaluation/models/chat-endpoint';
import type { Model, Reply } from '../evaluation/models/model';
import { PolicyModel } from '../evaluation/models/policy';
import type { Question } from '../evaluation/suites/question';
import { isShipped } from '../policy/shipped';
import { readPolicy } from '../training/checkpoint';
import { UsageError } from './command';
import { policyFolder, weightsHash } from './policy-folder';
import { readCheckpointFolder } from './run-directory';

interface OpenModel {
  readonly model: Model;
  /** What to remember of it: an evaluation goes on only with the same. Holds no key. */
  readonly identity: string;
  /** Whether it can be asked with blank images: a file of predictions cannot. */
  readonly looks: boolean;
  close(): Promise<void>;
}

/** @throws UsageError where `nameOrPath` is nothing that answers, Error where it is one that is damaged. */
export async function openModel(nameOrPath: string, chat: Omit<ChatOptions, 'baseUrl'> | null): Promise<OpenModel> {
  const policy = isShipped(nameOrPath) ? policyFolder(nameOrPath) : nameOrPath;
  if (/^https?:\/\//.test(policy)) {
    if (chat === null) throw new UsageError(`--policy ${policy} is an endpoint: name its model with --model`);
    const model = new ChatEndpoint({ ...chat, baseUrl: policy });
    return { model, identity: `${chat.model} at ${policy}`, looks: true, close: async () => undefined };
  }
  if (!existsSync(policy))
    throw new UsageError(`--policy ${policy}: there is no such folder or file, and it is no URL`);
  const name = basename(resolve(policy));
  const isFolder = statSync(policy).isDirectory();
  const weights = isFolder ? join(policy, 'model.safetensors') : policy;
  // A run that trains on in the same folder makes another policy.
  const hash = existsSync(weights) ? weightsHash(readFileSync(weights)) : '';
  const identity = `${resolve(policy)} ${hash}`;
  if (isFolder) {
    const { createNodeBackend } = await import('../backends/node');
    const stored = readPolicy(readCheckpointFolder(policy), policy);
    const backend = await createNodeBackend();
    const model = await PolicyModel.create(name, backend, stored);
    return { model, identity, looks: true, close: () => backend.dispose() };
  }
  if (policy.endsWith('.onnx')) {
    const { OnnxPolicy } = await import('./onnx-policy');
    return { model: await OnnxPolicy.load(name, policy), identity, looks: true, close: async () => undefined };
  }
  if (policy.endsWith('.jsonl')) {
    const model = new PredictionsFile(name, readPredictions(policy));
    return { model, identity, looks: false, close: async () => undefined };
  }
  throw new UsageError(
    `--policy ${policy}: a checkpoint's folder, an .onnx file, a .jsonl file of predictions or a URL is read`,
  );
}

const predictionSchema = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  prediction: z.union([z.string(), z.number().transform(String), z.null()]),
});

/** Predictions by question. Throws Error naming a line that is none, or that repeats a question. */
function readPredictions(file: string): Map<string, string | null> {
  const predictions = new Map<string, string | null>();
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue;
    let entry: z.infer<typeof predictionSchema>;
    try {
      entry = predictionSchema.parse(JSON.parse(line));
    } catch (error) {
      throw new Error(`${file}, line ${index + 1}, is no prediction; write {"id": …, "prediction": "…"}`, {
        cause: error,
      });
    }
    if (predictions.has(entry.id)) throw new Error(`${file}, line ${index + 1}: id ${entry.id} is there twice`);
    predictions.set(entry.id, entry.prediction);
  }
  return predictions;
}

/** Answers that were given elsewhere. */
class PredictionsFile implements Model {
  readonly name: string;
  readonly frames = null;
  readonly #predictions: ReadonlyMap<string, string | null>;

  constructor(name: string, predictions: ReadonlyMap<string, string | null>) {
    this.name = name;
    this.#predictions = predictions;
  }

  /** @throws Error naming predictions that belong to no question: the file is then of another suite. */
  async answer(questions: readonly Question[], onReply: (reply: Reply) => void): Promise<null> {
    const ids = new Set(questions.map(({ sample }) => sample.id));
    const strangers = [...this.#predictions.keys()].filter((id) => !ids.has(id));
    if (strangers.length > 0) {
      const named = strangers.slice(0, 5).join(', ');
      throw new Error(`${strangers.length} predictions answer no question of the suite, such as ${named}`);
    }
    for (const question of questions) {
      const completion = this.#predictions.get(question.sample.id) ?? null;
      onReply({ question, completion, error: completion === null ? 'the file holds no prediction for it' : null });
    }
    return null;
  }
}
