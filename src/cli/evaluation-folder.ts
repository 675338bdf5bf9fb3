/**
 * An evaluation's folder. What it is of is written first and never changes; replies are appended as they come, a line
 * each, so that an evaluation that dies goes on with the questions that are left.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Reply } from '../evaluation/models/model';
import { replyLine } from '../evaluation/reply-line';
import type { Question } from '../evaluation/suites/question';

const SETTINGS = 'evaluation.json';

const lineSchema = z.object({ id: z.string(), completion: z.string().nullable(), error: z.string().nullable() });
type StoredReply = z.infer<typeof lineSchema>;

/**
 * Starts an evaluation at `path`, or goes on with the one that is there.
 * @param settings what answers depend on.
 * @throws Error naming the setting in which the evaluation that is there differs.
 */
export function openEvaluation(path: string, settings: Readonly<Record<string, unknown>>): void {
  const file = join(path, SETTINGS);
  if (existsSync(file)) {
    const there = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
    for (const [name, value] of Object.entries(settings)) {
      const [a, b] = [JSON.stringify(there[name]), JSON.stringify(value)];
      if (a !== b) throw new Error(`${path} holds an evaluation whose ${name} is ${a}, not ${b}; name another folder`);
    }
    return;
  }
  mkdirSync(path, { recursive: true });
  replaceFile(path, SETTINGS, `${JSON.stringify(settings, null, 2)}\n`);
}

/** The file of a pass over the questions: with the true frames, or with blank ones. */
export class ReplyFile {
  readonly #path: string;
  /** Replies by question, those of earlier calls included. */
  readonly replies = new Map<string, StoredReply>();

  /**
   * Reads the replies that are there. A last line that was cut is dropped, and questions that got no answer are
   * forgotten, to be asked again.
   * @throws Error naming a line that is no reply.
   */
  constructor(folder: string, name: string) {
    this.#path = join(folder, name);
    if (!existsSync(this.#path)) {
      writeFileSync(this.#path, '');
      return;
    }
    const content = readFileSync(this.#path, 'utf8');
    const whole = content.slice(0, content.lastIndexOf('\n') + 1);
    if (whole.length < content.length) truncateSync(this.#path, Buffer.byteLength(whole));
    const lines = whole.split('\n').slice(0, -1);
    const kept = lines.filter((line, index) => {
      const stored = this.#parse(line, index + 1);
      if (stored.error !== null) return false;
      this.replies.set(stored.id, stored);
      return true;
    });
    if (kept.length < lines.length) replaceFile(folder, name, kept.map((line) => `${line}\n`).join(''));
  }

  #parse(line: string, number: number): StoredReply {
    try {
      return lineSchema.parse(JSON.parse(line));
    } catch (error) {
      throw new Error(`${this.#path}, line ${number}, is no reply; remove the line, and its question is asked again`, {
        cause: error,
      });
    }
  }

  /** Writes a reply, at once. The line is one of the kind that `score` reads. */
  add(reply: Reply): void {
    const { question, completion, error } = reply;
    const { id } = question.sample;
    if (this.replies.has(id)) throw new Error(`question ${id} was answered twice`);
    this.replies.set(id, { id, completion, error });
    appendFileSync(this.#path, `${JSON.stringify(replyLine(reply))}\n`);
  }

  /** The questions that have no reply yet. */
  left(questions: readonly Question[]): Question[] {
    return questions.filter(({ sample }) => !this.replies.has(sample.id));
  }
}

/** Puts a file in place whole. */
export function replaceFile(folder: string, name: string, content: string): void {
  const path = join(folder, name);
  writeFileSync(`${path}.part`, content);
  renameSync(`${path}.part`, path);
}
