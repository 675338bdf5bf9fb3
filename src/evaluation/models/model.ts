/** What is evaluated: anything that answers questions about frames. */
import type { Question } from '../suites/question';

/** What came of asking a question. */
export interface Reply {
  readonly question: Question;
  /** What the model wrote, or null where it gave no answer. */
  readonly completion: string | null;
  /** Why there is no answer; null where there is one. */
  readonly error: string | null;
}

export interface Model {
  /** For tables. */
  readonly name: string;
  /**
   * Most frames that it sees at once, as PNG files of 8 bits a channel (`framesShown` says which); null where it takes
   * all frames of a question, as PNG or JPEG.
   */
  readonly frames: number | null;
  /**
   * Asks all questions. `onReply` hears of each at most once, in any order; it is not told of questions that were not
   * asked since `answer` ended early.
   * @returns why it ended before all were asked, for people, or null.
   * @throws Error when nothing further can be answered: a wrong key, a lost device.
   */
  answer(questions: readonly Question[], onReply: (reply: Reply) => void): Promise<string | null>;
}
