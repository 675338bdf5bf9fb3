/** The client of chat endpoints against a server that is slow, fails, limits rates, and talks nonsense. */
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { ChatEndpoint, type ChatOptions } from '../../src/evaluation/models/chat-endpoint';
import type { Reply } from '../../src/evaluation/models/model';
import { type Behaviour, chatServer, questionNamed } from './questions';

const FAST: ChatOptions = {
  baseUrl: '',
  model: 'm',
  apiKey: 'secret',
  concurrency: 3,
  retries: 2,
  timeout: 60,
  backoff: 0.001,
  maxNewTokens: 16,
  maxRequests: Infinity,
  maxTokens: Infinity,
};

let close: (() => Promise<unknown>) | null = null;
afterEach(() => close?.());

/** Asks questions 0 to count - 1 of a server; the n-th request of a question gets its n-th behaviour, the last for ever. */
async function asking(behaviours: readonly (readonly Behaviour[])[], options: Partial<ChatOptions> = {}) {
  const numberIn = (prompt: string) => Number(/Question (\d+)/.exec(prompt)![1]);
  const server = await chatServer((prompt, nth) => {
    const own = behaviours[numberIn(prompt)];
    return own[Math.min(nth, own.length - 1)];
  });
  close = server.close;
  const replies: Reply[] = [];
  const endpoint = new ChatEndpoint({ ...FAST, baseUrl: server.url, ...options });
  const questions = behaviours.map((_, index) => questionNamed(String(index)));
  const outcome = await endpoint.answer(questions, (reply) => replies.push(reply)).catch((error: Error) => error);
  const tries = (index: number) => server.requests.filter(({ prompt }) => numberIn(prompt) === index).length;
  return { server, replies, outcome, tries, spent: endpoint.spent };
}

const fine: Behaviour = { kind: 'answer', text: '3' };

describe('a chat endpoint', () => {
  test('is sent the frames, the prompt of the benchmark and the key', async () => {
    const { server } = await asking([[fine]]);
    const [{ prompt, images, authorization, body }] = server.requests;
    expect(prompt).toBe('Question 0?\nPlease answer the question using a single word or phrase.');
    expect([images, authorization]).toEqual([1, 'Bearer secret']);
    expect(body).toMatchObject({ model: 'm', max_tokens: 16, temperature: 0 });
    expect(JSON.stringify(body)).toContain('data:image/png;base64,iVBORw0KGgo');
  });

  test.each<[string, Behaviour]>([
    ['an error of the server', { kind: 'status', status: 500 }],
    ['a limited rate', { kind: 'status', status: 429 }],
    ['a reply that is no JSON', { kind: 'body', body: '<html>busy</html>' }],
    ['a reply without choices', { kind: 'body', body: '{"choices":[]}' }],
    ['a reply without content', { kind: 'body', body: '{"choices":[{"message":{"content":null}}]}' }],
    ['a cut connection', { kind: 'cut' }],
    ['silence', { kind: 'hang' }],
  ])('is asked again after %s, and given up after so many tries', async (_, bad) => {
    // As long as a busy machine takes for a reply, as short as a test waits for none.
    const timeout = bad.kind === 'hang' ? 1.5 : FAST.timeout;
    const { replies, tries, outcome } = await asking([[bad, bad, fine], [bad], [fine]], { timeout });
    const byId = new Map(replies.map((reply) => [reply.question.sample.id, reply]));
    expect(outcome).toBeNull();
    expect(replies).toHaveLength(3);
    expect(byId.get('0')).toMatchObject({ completion: '3', error: null });
    expect(byId.get('1')!.completion).toBeNull();
    expect(byId.get('1')!.error).toContain('3 tries');
    expect([tries(0), tries(1), tries(2)]).toEqual([3, 3, 1]);
  });

  test('waits as long as the server asks', async () => {
    const limited = (retryAfter: string): Behaviour => ({ kind: 'status', status: 429, retryAfter });
    const date = new Date(Date.now() + 2000).toUTCString();
    const { server } = await asking(
      [
        [limited('1'), fine],
        [limited(date), fine],
      ],
      { concurrency: 2 },
    );
    const times = (index: number) => server.requests.filter(({ prompt }) => prompt.includes(`n ${index}?`));
    for (const [first, second] of [times(0), times(1)]) expect(second.at - first.at).toBeGreaterThan(900);
  });

  test('is not asked again what it refuses, and not at all after it refuses the key', async () => {
    const refused = await asking([[{ kind: 'status', status: 400 }], [fine]]);
    const errorOf = (id: string) => refused.replies.find(({ question }) => question.sample.id === id)!.error;
    expect([errorOf('0')?.slice(0, 10), errorOf('1')]).toEqual(['status 400', null]);
    expect(refused.tries(0)).toBe(1);
    const locked = await asking([[{ kind: 'status', status: 401 }], [fine], [fine]], { concurrency: 1 });
    expect(String(locked.outcome)).toContain('answers 401');
    expect(String(locked.outcome)).not.toContain('secret');
    expect([locked.replies.length, locked.server.requests.length]).toEqual([0, 1]);
  });

  test('is asked by so many requests at a time, and no more than are allowed', async () => {
    const slow: Behaviour = { kind: 'answer', text: '3', delay: 100 };
    const questions = Array.from({ length: 12 }, () => [slow]);
    const all = await asking(questions);
    expect([all.server.mostUnderWay(), all.replies.length]).toEqual([3, 12]);
    const few = await asking(questions, { maxRequests: 5 });
    expect([few.server.requests.length, few.replies.length]).toEqual([5, 5]);
    expect(few.outcome).toContain('5 requests were sent');
    const cheap = await asking(questions, { maxTokens: 30, concurrency: 1 });
    expect([cheap.replies.length, cheap.spent.tokens]).toEqual([3, 30]);
  });

  test('leaves no question without a reply and gives none two, whatever it does', async () => {
    const behaviour = fc.oneof(
      fc.constant(fine),
      fc.constant<Behaviour>({ kind: 'cut' }),
      fc.constantFrom(400, 429, 500, 503).map((status): Behaviour => ({ kind: 'status', status })),
      fc.string().map((body): Behaviour => ({ kind: 'body', body })),
      fc.integer({ min: 0, max: 5 }).map((delay): Behaviour => ({ kind: 'answer', text: 'A', delay })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(behaviour, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
        async (behaviours) => {
          const { replies } = await asking(behaviours);
          await close?.();
          const ids = replies.map(({ question }) => Number(question.sample.id)).sort((a, b) => a - b);
          expect(ids).toEqual(behaviours.map((_, index) => index));
          for (const { completion, error } of replies) expect(completion === null).toBe(error !== null);
        },
      ),
      { numRuns: 25 },
    );
  });
});
