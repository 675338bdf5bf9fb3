/**
 * `evaluate`: any model on a suite of questions, beside its baselines and the published rows.
 */
import { join } from 'node:path';
import { evaluationResults } from '../evaluation/evaluation';
import { MODES } from '../evaluation/metrics/benchmark';
import { blanked, withoutImages } from '../evaluation/models/blank';
import type { ChatOptions } from '../evaluation/models/chat-endpoint';
import type { Model } from '../evaluation/models/model';
import { reportMarkdown } from '../evaluation/report';
import type { Question } from '../evaluation/suites/question';
import { SIZES } from '../evaluation/suites/suites';
import { type Command, readFlags, required, UsageError, wholeNumber } from './command';
import { openEvaluation, replaceFile, ReplyFile } from './evaluation-folder';
import { MediaDecoder } from './media-decoder';
import { openModel } from './model-source';
import { parseColumns, readRealSuite } from './real-suite';
import { openSuite } from './suite-source';

const PROGRESS_MS = 2000;
/** Names of files of questions, parted by commas. */
const REAL = /\.(jsonl|parquet)$/;

const usage = `Usage: npm run -s lab -- evaluate --policy NAME|DIR|FILE|URL --suite vsi|cv|image|general|DIR|FILE --out DIR [--size small|full]
         [--mode ${MODES.join('|')}] [--no-blank] [--text-only] [--model NAME] [flags of endpoints]

Asks a model every question of a suite and scores the answers. Writes to DIR:
  report.md           the figures beside baselines and published rows
  results.json        the same with intervals and each sample's score
  predictions.jsonl   a line an answer, as they come; blank.jsonl the same for blank images, text-only.jsonl without
  samples.jsonl       the questions that were asked
  suite/              the scenes and frames, where the suite is one of the lab's
  frames/             frames that were cut out of video files
The same command goes on with an evaluation that was interrupted, and asks again what got no answer.

Flags:
  --policy NAME       a shipped policy (nano); a folder that train has written; an .onnx file from export, with the run's
                      config.json and tokenizer.json beside it; a .jsonl file of {"id", "prediction"}; or the base URL
                      of an OpenAI-compatible chat endpoint, such as http://localhost:8000/v1
  --suite NAME        vsi, cv: synthetic rooms asked about as VSI-Bench and CV-Bench do; image: by every family that one
                      image suffices for; general: reasoning problems; a folder that synthesize has written,
                      of which the test split is asked; or files of a real benchmark, .jsonl or .parquet, parted by
                      commas
  --out DIR           a new folder, or that of the evaluation to go on with
  --size NAME         of the lab's suites: small (default), full
  --mode NAME         how answers are read: vsi (default), the benchmarks' own code; lmms-eval, that harness's
  --no-blank          leaves out the pass in which the model sees blank images
  --text-only         adds a pass in which it sees none

Flags of real benchmarks (VSI-Bench and CV-Bench are known by their columns):
  --media DIR         where their pictures and videos are (default: beside the file); a video is a file, or a folder
                      of its frames
  --frames N          most frames of a video to show, evenly from the first to the last (default 16)
  --columns LIST      of other files: which column holds the id, question, answer, options, image and task, like
                      id=pid,options=choices; scored by exact match. The task is the file's name where there is no
                      such column: mathvista.jsonl stands in MathVista's column. Of several files ids are NAME:ID
Video files are decoded by a headless Chromium, and so are JPEG pictures for the lab's policies; endpoints get pictures
as they are.

Flags of endpoints:
  --model NAME            the model to ask for
  --api-key-env NAME      environment variable that holds the key; without it none is sent
  --concurrency N         requests under way at a time (default 4)
  --retries N             times that a failed request is sent again (default 5), after pauses that double
  --timeout N             seconds until a request counts as failed (default 120)
  --max-new-tokens N      longest answer (default 16, VSI-Bench's; give more to models that think)
  --max-requests N        sends no more requests than this, retries counted
  --max-tokens N          begins no request once the server counts so many tokens`;

export const evaluateCommand: Command = {
  name: 'evaluate',
  summary: 'a model on a benchmark, beside baselines and published rows',
  usage,
  async run(args) {
    const { values } = readFlags(args, {
      policy: { type: 'string' },
      suite: { type: 'string' },
      out: { type: 'string' },
      size: { type: 'string', default: 'small' },
      mode: { type: 'string', default: 'vsi' },
      'no-blank': { type: 'boolean', default: false },
      'text-only': { type: 'boolean', default: false },
      columns: { type: 'string' },
      media: { type: 'string' },
      frames: { type: 'string', default: '16' },
      model: { type: 'string' },
      'api-key-env': { type: 'string' },
      concurrency: { type: 'string', default: '4' },
      retries: { type: 'string', default: '5' },
      timeout: { type: 'string', default: '120' },
      'max-new-tokens': { type: 'string', default: '16' },
      'max-requests': { type: 'string' },
      'max-tokens': { type: 'string' },
    });
    const policy = required(values.policy, '--policy');
    const suite = required(values.suite, '--suite');
    const out = required(values.out, '--out');
    const size = SIZES.find((name) => name === values.size);
    if (!size) throw new UsageError(`--size must be one of ${SIZES.join(', ')}, not "${values.size}"`);
    const mode = MODES.find((name) => name === values.mode);
    if (!mode) throw new UsageError(`--mode must be one of ${MODES.join(', ')}, not "${values.mode}"`);
    const atLeast = (flag: 'concurrency' | 'timeout' | 'max-new-tokens' | 'max-requests' | 'max-tokens') =>
      values[flag] === undefined ? Infinity : wholeNumber(values[flag], `--${flag}`, 1);
    const chat: Omit<ChatOptions, 'baseUrl'> | null =
      values.model === undefined
        ? null
        : {
            model: values.model,
            apiKey: keyIn(values['api-key-env']),
            concurrency: atLeast('concurrency'),
            retries: wholeNumber(values.retries, '--retries', 0),
            timeout: atLeast('timeout'),
            backoff: 1,
            maxNewTokens: atLeast('max-new-tokens'),
            maxRequests: atLeast('max-requests'),
            maxTokens: atLeast('max-tokens'),
          };
    const columns = parseColumns(values.columns);
    const frames = wholeNumber(values.frames, '--frames', 1);
    const { model, identity, looks, close } = await openModel(policy, chat);
    const decoder = new MediaDecoder((detail) => console.log(detail));
    const pictures = { frames, cutFolder: join(out, 'frames'), decoder };
    try {
      const source = REAL.test(suite)
        ? await readRealSuite(suite, columns, values.media ?? null, looks ? pictures : null)
        : await openSuite(suite, size, join(out, 'suite'));
      const { fingerprint } = source;
      const questions = model.frames === null ? source.questions : source.questions.map((each) => inPng(each, decoder));
      const maxNewTokens = chat?.maxNewTokens ?? null;
      openEvaluation(out, {
        policy: identity,
        suite: source.name,
        fingerprint,
        max_new_tokens: maxNewTokens,
        ...(source.origin === 'real' && looks ? { frames } : {}),
      });
      const lines = questions.map(({ sample }) => `${JSON.stringify(sample)}\n`);
      replaceFile(out, 'samples.jsonl', lines.join(''));
      console.log(`${questions.length} questions of ${source.name}, fingerprint ${fingerprint}`);
      const replies = new ReplyFile(out, 'predictions.jsonl');
      let stopped = await ask(model, questions, replies, 'true images');
      const seen = questions.filter(({ sample }) => sample.frames.length > 0);
      const pass = async (wanted: boolean, file: string, what: string, changed: (question: Question) => Question) => {
        if (!wanted || !looks || seen.length === 0) return null;
        const own = new ReplyFile(out, file);
        if (stopped === null) stopped = await ask(model, seen.map(changed), own, what);
        return own.replies;
      };
      const blankReplies = await pass(!values['no-blank'], 'blank.jsonl', 'blank images', blanked);
      const textReplies = await pass(values['text-only'], 'text-only.jsonl', 'text only', withoutImages);
      const results = evaluationResults({
        ...source,
        suite: source.name,
        policy: model.name,
        mode,
        replies: replies.replies,
        blankReplies,
        textReplies,
        frames: model.frames,
        stopped,
      });
      replaceFile(out, 'results.json', `${JSON.stringify(results, null, 2)}\n`);
      replaceFile(out, 'report.md', reportMarkdown(results));
      for (const { title, model: report, chance } of results.benchmarks) {
        console.log(`${title}: ${percent(report.overall)} (chance ${percent(chance.overall)})`);
      }
      if (results.failures.length > 0) console.log(`${results.failures.length} questions got no answer; see report.md`);
      if (stopped !== null) console.log(`Stopped early: ${stopped}. The same command goes on.`);
      console.log(`Wrote ${out}`);
    } finally {
      await decoder.close();
      await close();
    }
  },
};

/** The key in an environment variable: never a flag, which other processes see. Null where none is named. */
function keyIn(variable: string | undefined): string | null {
  if (variable === undefined) return null;
  const key = process.env[variable];
  if (!key) throw new UsageError(`--api-key-env ${variable}: the environment variable is not set`);
  return key;
}

/** The question with its pictures as PNG files, which the lab's policies read. */
function inPng(question: Question, decoder: MediaDecoder): Question {
  return {
    ...question,
    images: async () => Promise.all((await question.images()).map((image) => decoder.png(image))),
  };
}

/** Asks what is left to ask, telling how it goes. Returns why the model ended early, or null. */
async function ask(
  model: Model,
  questions: readonly Question[],
  file: ReplyFile,
  what: string,
): Promise<string | null> {
  const left = file.left(questions);
  if (left.length < questions.length) console.log(`${questions.length - left.length} are answered already (${what})`);
  if (left.length === 0) return null;
  let done = questions.length - left.length;
  let told = performance.now();
  return model.answer(left, (reply) => {
    file.add(reply);
    done++;
    const now = performance.now();
    if (now - told < PROGRESS_MS && done < questions.length) return;
    told = now;
    console.log(`${done}/${questions.length} answered (${what})`);
  });
}

function percent(share: number | null): string {
  return share === null ? 'nothing scored' : `${(100 * share).toFixed(1)} %`;
}
