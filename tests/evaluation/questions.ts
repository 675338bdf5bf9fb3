/** Questions for tests of evaluations, and a local server that speaks the chat protocol as badly as it is told to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SampleRecord } from '../../src/datasets/canonical';
import { type Question, questionOf } from '../../src/evaluation/suites/question';
import { blankImage } from '../../src/evaluation/models/frame';
import { sampleOf } from './samples';

export { sampleOf } from './samples';

export function questionNamed(id: string, more: Partial<SampleRecord> = {}): Question {
  const sample = sampleOf(id, more);
  return questionOf(sample, async () => sample.frames.map(() => blankImage(8)));
}

/** What the server does with a request. */
export type Behaviour =
  | { readonly kind: 'answer'; readonly text: string; readonly delay?: number }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  | { readonly kind: 'body'; readonly body: string }
  /** The connection is cut. */
  | { readonly kind: 'cut' }
  /** Nothing, until the server closes. */
  | { readonly kind: 'hang' };

export interface ReceivedRequest {
  readonly prompt: string;
  readonly images: number;
  readonly authorization: string | undefined;
  readonly at: number;
  readonly body: Record<string, unknown>;
}

interface ChatBody extends Record<string, unknown> {
  readonly messages: readonly { readonly content: readonly { readonly type: string; readonly text?: string }[] }[];
}

/** A server on a free port. `behave` decides on each request, `nth` counting those with the same prompt from 0. */
export async function chatServer(behave: (prompt: string, nth: number) => Behaviour) {
  const requests: ReceivedRequest[] = [];
  let underWay = 0;
  let mostUnderWay = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    mostUnderWay = Math.max(mostUnderWay, ++underWay);
    response.on('close', () => underWay--);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as ChatBody;
    const { content } = body.messages[0];
    const prompt = content.find(({ type }) => type === 'text')?.text ?? '';
    const nth = requests.filter((other) => other.prompt === prompt).length;
    requests.push({
      prompt,
      images: content.filter(({ type }) => type === 'image_url').length,
      authorization: request.headers.authorization,
      at: performance.now(),
      body,
    });
    const behaviour = behave(prompt, nth);
    if (behaviour.kind === 'cut') return void response.destroy();
    if (behaviour.kind === 'hang') return;
    if (behaviour.kind === 'status') {
      const headers = behaviour.retryAfter === undefined ? {} : { 'Retry-After': behaviour.retryAfter };
      return void response.writeHead(behaviour.status, headers).end('{"error":{"message":"told to fail"}}');
    }
    if (behaviour.kind === 'body') return void response.end(behaviour.body);
    if (behaviour.delay) await new Promise((resolve) => setTimeout(resolve, behaviour.delay));
    const choices = [{ message: { role: 'assistant', content: behaviour.text } }];
    response.end(JSON.stringify({ choices, usage: { total_tokens: 10 } }));
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    mostUnderWay: () => mostUnderWay,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
