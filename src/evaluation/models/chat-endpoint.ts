/**
 * A model behind an OpenAI-compatible chat endpoint: vLLM, llama.cpp, Ollama, or a service. Frames go as data URLs before
 * the question. Requests run side by side; one that fails in passing is sent again after a pause that doubles, or that
 * the server names; what is spent is limited beforehand.
 */
import { z } from 'zod';
import { promptOf, type Question } from '../suites/question';
import type { Model, Reply } from './model';

export interface ChatOptions {
  /** Up to and with the version: http://localhost:8000/v1. */
  readonly baseUrl: string;
  readonly model: string;
  /** Sent as a bearer token; kept in memory only. Null: none. */
  readonly apiKey: string | null;
  /** Requests under way at a time. */
  readonly concurrency: number;
  /** Times that a request is sent again. */
  readonly retries: number;
  /** Seconds until a request counts as failed. */
  readonly timeout: number;
  /** Seconds before the first retry; doubles with each. */
  readonly backoff: number;
  /** Longest answer, tokens. */
  readonly maxNewTokens: number;
  /** No request is begun once so many were sent, or so many tokens used as the server counts them. */
  readonly maxRequests: number;
  readonly maxTokens: number;
}

/** Seconds; a server that asks for more is not waited for longer. */
const LONGEST_PAUSE = 300;
/** Errors that the next request would meet as well. */
const FATAL_STATUS = [401, 403, 404];
const PASSING_STATUS = [408, 409, 425, 429];
const SHOWN = 200;

const replySchema = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.union([
            z.string(),
            z.array(z.object({ type: z.string(), text: z.string().optional() })).transform((parts) => {
              return parts.map(({ text }) => text ?? '').join('');
            }),
          ]),
        }),
      }),
    )
    .min(1),
  usage: z.object({ total_tokens: z.number() }).nullish(),
});

/** Nothing further can be asked. */
class FatalError extends Error {}
/** This request failed, and would again. */
class RequestError extends Error {}
/** This request failed, and may not when sent again after `pause` seconds, where the server says. */
class PassingError extends Error {
  readonly pause: number | null;
  constructor(message: string, pause: number | null = null) {
    super(message);
    this.pause = pause;
  }
}

export class ChatEndpoint implements Model {
  readonly name: string;
  readonly frames = null;
  readonly #options: ChatOptions;
  readonly #url: string;
  #requests = 0;
  #tokens = 0;

  constructor(options: ChatOptions) {
    this.#options = options;
    this.#url = `${options.baseUrl.replace(/\/+$/, '')}/chat/completions`;
    this.name = options.model;
  }

  /** Requests sent and tokens used so far. */
  get spent(): { readonly requests: number; readonly tokens: number } {
    return { requests: this.#requests, tokens: this.#tokens };
  }

  async answer(questions: readonly Question[], onReply: (reply: Reply) => void): Promise<string | null> {
    let next = 0;
    let stopped: string | null = null;
    let fatal: Error | null = null;
    const ask = async () => {
      while (next < questions.length && stopped === null && fatal === null) {
        stopped = this.#reserve();
        if (stopped !== null) return;
        const question = questions[next++];
        try {
          onReply({ question, completion: await this.#persist(question), error: null });
        } catch (error) {
          if (error instanceof RequestError) onReply({ question, completion: null, error: error.message });
          else fatal ??= error instanceof Error ? error : new Error(String(error));
        }
      }
    };
    await Promise.all(Array.from({ length: this.#options.concurrency }, ask));
    if (fatal !== null) throw fatal;
    return stopped;
  }

  /** Counts a request that is about to be sent; or says why none may be. */
  #reserve(): string | null {
    const { maxRequests, maxTokens } = this.#options;
    if (this.#requests >= maxRequests) return `${this.#requests} requests were sent, the most allowed`;
    if (this.#tokens >= maxTokens) return `${this.#tokens} tokens were used; ${maxTokens} are allowed`;
    this.#requests++;
    return null;
  }

  /** The completion, after as many tries as it takes and are allowed. The first one is counted already. */
  async #persist(question: Question): Promise<string> {
    const { retries, backoff } = this.#options;
    const body = await this.#body(question);
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#request(body);
      } catch (error) {
        if (!(error instanceof PassingError)) throw error;
        const why = attempt >= retries ? `${attempt + 1} tries` : this.#reserve();
        if (why !== null) throw new RequestError(`${error.message} (${why})`, { cause: error });
        await pauseFor(Math.min(error.pause ?? backoff * 2 ** attempt, LONGEST_PAUSE));
      }
    }
  }

  async #body(question: Question): Promise<string> {
    const images = (await question.images()).map((image) => ({
      type: 'image_url',
      image_url: { url: `data:${mediaType(image)};base64,${base64(image)}` },
    }));
    return JSON.stringify({
      model: this.#options.model,
      messages: [{ role: 'user', content: [...images, { type: 'text', text: promptOf(question) }] }],
      max_tokens: this.#options.maxNewTokens,
      temperature: 0,
    });
  }

  async #request(body: string): Promise<string> {
    const { apiKey, timeout } = this.#options;
    let status: number;
    let text: string;
    let retryAfter: string | null;
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(apiKey === null ? {} : { Authorization: `Bearer ${apiKey}` }),
        },
        body,
        signal: AbortSignal.timeout(1000 * timeout),
      });
      status = response.status;
      retryAfter = response.headers.get('Retry-After');
      text = await response.text();
    } catch (error) {
      throw new PassingError(`no reply: ${reason(error)}`);
    }
    if (FATAL_STATUS.includes(status)) {
      throw new FatalError(`${this.#url} answers ${status}: ${shown(text)}; check the address, the model and the key`);
    }
    if (PASSING_STATUS.includes(status) || status >= 500) {
      throw new PassingError(`status ${status}: ${shown(text)}`, pauseIn(retryAfter));
    }
    if (status < 200 || status >= 300) throw new RequestError(`status ${status}: ${shown(text)}`);
    const reply = replySchema.safeParse(jsonOf(text));
    if (!reply.success) throw new PassingError(`a reply without an answer: ${shown(text)}`);
    this.#tokens += reply.data.usage?.total_tokens ?? 0;
    return reply.data.choices[0].message.content;
  }
}

function pauseFor(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}

/** Seconds that a Retry-After header asks for, as a number or a date; null where it does not. */
function pauseIn(header: string | null): number | null {
  if (header === null) return null;
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? null : Math.max(0, seconds);
}

/** The value of a JSON text, or null: no reply is null. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Fetch hides what went wrong in the cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

function shown(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

/** By the first bytes: pictures go as they are. */
function mediaType(image: Uint8Array): string {
  const start = String.fromCharCode(...image.subarray(0, 12));
  if (start.startsWith('\xff\xd8')) return 'image/jpeg';
  if (start.startsWith('RIFF') && start.endsWith('WEBP')) return 'image/webp';
  return start.startsWith('GIF8') ? 'image/gif' : 'image/png';
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}
