/**
 * The questions that a scene allows. Families about images ask about single frames of its walk-through, those about
 * videos about all of its frames. Which of the candidates become samples is decided over the whole data set, in
 * selection.ts, so that scenes can be made in any order.
 */
import { stream } from '../random';
import type { Room } from '../scenes/scene';
import type { Observation, ObservedFrame, Question } from '../tasks/family';
import { familyNamed } from '../tasks/registry';
import type { SampleRecord } from './canonical';

/** A question that a scene allows: a sample but for its place in the data set. */
export interface Candidate extends Omit<SampleRecord, 'id' | 'scene' | 'split'> {
  /** Categories of the objects in the evidence, sorted: what a guesser who sees no image knows. */
  readonly categories: readonly string[];
}

/** Candidates of a family in one scene, at most: some times as many as a scene's samples, to choose from. */
const LARGEST = 32;
/** Of those, at most so many about the video and about one frame, in a round of asking. */
const [PER_VIDEO, PER_FRAME] = [12, 4];
/** Rounds of asking: each shuffles the options anew, so that the selection can balance the letters. */
const ROUNDS = 4;

/** What the families called `tasks` may ask about `room`, as `frames` show it in order of time. */
export function candidatesOf(tasks: readonly string[], room: Room, frames: readonly ObservedFrame[]): Candidate[] {
  const stills = frames.map((frame, index) => ({ room, frames: [frame], numbers: [index] }));
  const video = frames.length > 1 ? [{ room, frames, numbers: [...frames.keys()] }] : [];
  return tasks.flatMap((task) => {
    const { kind, frames: about, ask } = familyNamed(task);
    const random = stream(room.seed, 'questions', task);
    const candidates: Candidate[] = [];
    // Another round words the same numbers; choices come with their options in another order.
    for (let round = 0; round < (kind === 'choice' ? ROUNDS : 1); round++) {
      for (const shown of [...video, ...(about === 'image' ? random.shuffle(stills) : [])]) {
        if (candidates.length >= LARGEST) return candidates;
        const most = shown.numbers.length > 1 ? PER_VIDEO : PER_FRAME;
        candidates.push(
          ...ask(shown, random)
            .slice(0, most)
            .map((question) => candidateOf(question, shown, shown.numbers)),
        );
      }
    }
    return candidates;
  });
}

function candidateOf(question: Question, { room }: Observation, frames: readonly number[]): Candidate {
  const { task, kind, options, answer, unit, reasoning, evidence, difficulty } = question;
  const named = room.objects.filter(({ id }) => evidence.objects.includes(id)).map(({ category }) => category);
  return {
    domain: 'spatial',
    task,
    kind,
    question: question.question,
    options,
    answer,
    answer_value: question.answerValue,
    unit,
    frames,
    reasoning,
    evidence,
    difficulty,
    categories: [...new Set(named)].sort(),
  };
}
