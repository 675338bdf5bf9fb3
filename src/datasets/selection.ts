/**
 * Which of the questions that the scenes allow become samples. Rooms drawn without care make a data set that can be
 * answered blind: most counts are 2, and a sofa is always two metres long. So answers are thinned
 * where they crowd, first within the questions that name the same categories, then within the task, and the letters of
 * choices are taken least-used first.
 *
 * It needs two passes over the candidates: one counts them (`CandidateCounts`), one selects (`Selection`). Both hold
 * only tables, however many scenes there are.
 */
import { stream } from '../random';
import type { SampleRecord } from './canonical';
import type { Candidate } from './scene-synthesis';

/** Questions of a family in one scene, at most: the benchmarks' rule. */
const PER_SCENE = 6;
/** Each of the two thinnings keeps at least this share: flatter answers are bought with fewer samples. */
const KEPT = 0.7;
/** Questions about the same categories are thinned on their own from so many on. */
const SMALLEST_GROUP = 12;
/** Answers are counted in ranges whose ends are in this ratio. */
const RATIO = 1.2;

/**
 * The range that an answer is counted in: a choice by its right option, small counts one by one, all other numbers on a
 * logarithmic scale.
 */
function rangeOf(candidate: Pick<SampleRecord, 'kind' | 'options' | 'answer' | 'answer_value' | 'unit'>): string {
  const { kind, answer_value: value, unit } = candidate;
  if (kind !== 'number') return answerText(candidate);
  if (value === null || value === 0 || (unit === null && Number.isInteger(value))) return String(value);
  return `${value < 0 ? '-' : ''}${Math.round(Math.log(Math.abs(value)) / Math.log(RATIO))}`;
}

function add<K>(table: Map<K, number>, key: K, amount: number): void {
  table.set(key, (table.get(key) ?? 0) + amount);
}

function nested<K, V>(table: Map<K, Map<V, number>>, key: K): Map<V, number> {
  let inner = table.get(key);
  if (!inner) table.set(key, (inner = new Map()));
  return inner;
}

/** How often each range of answers occurs: of a task, and of a task with a set of categories. */
export class CandidateCounts {
  /** By task, then by categories, then by range. */
  readonly #counts = new Map<string, Map<string, Map<string, number>>>();

  add(candidates: readonly Candidate[]): void {
    for (const candidate of distinct(candidates)) {
      let groups = this.#counts.get(candidate.task);
      if (!groups) this.#counts.set(candidate.task, (groups = new Map()));
      add(nested(groups, candidate.categories.join()), rangeOf(candidate), 1);
    }
  }

  /** The share of the candidates of each task, set of categories and range that shall be kept. */
  shares(): (candidate: Candidate) => number {
    const inGroup = new Map<string, Map<string, number>>();
    const inTask = new Map<string, Map<string, number>>();
    for (const [task, groups] of this.#counts) {
      const left = new Map<string, number>();
      for (const [categories, ranges] of groups) {
        const shares = thinned(ranges, SMALLEST_GROUP);
        inGroup.set(`${task} ${categories}`, shares);
        for (const [range, count] of ranges) add(left, range, count * shares.get(range)!);
      }
      inTask.set(task, thinned(left, 0));
    }
    return (candidate) => {
      const range = rangeOf(candidate);
      // A way of asking that was not counted, because another one stood for it, is not thinned.
      const group = inGroup.get(`${candidate.task} ${candidate.categories.join()}`)?.get(range) ?? 1;
      const task = inTask.get(candidate.task)?.get(range) ?? 1;
      return group * task;
    };
  }
}

/** Cuts the counts at the lowest height that keeps the wanted share of their sum; the share kept of each. */
function thinned(counts: ReadonlyMap<string, number>, smallest: number): Map<string, number> {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total < smallest) return new Map([...counts.keys()].map((range) => [range, 1]));
  // The kept sum grows with the height, linearly between one count and the next.
  const sorted = [...counts.values()].sort((a, b) => a - b);
  let below = 0;
  let height = 0;
  for (const [index, count] of sorted.entries()) {
    const taller = sorted.length - index;
    if (below + count * taller >= KEPT * total) {
      height = (KEPT * total - below) / taller;
      break;
    }
    below += count;
  }
  return new Map([...counts].map(([range, count]) => [range, Math.min(1, height / count)]));
}

/** Candidates without those that ask the same again: in another frame, or with its options in another order. */
function distinct(candidates: readonly Candidate[]): Candidate[] {
  const byQuestion = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const key = questionKey(candidate);
    if (!byQuestion.has(key)) byQuestion.set(key, candidate);
  }
  return [...byQuestion.values()];
}

/** Two questions of a scene with this key in common are about the same things. */
function questionKey({ task, kind, question, evidence }: Candidate): string {
  return kind === 'number' ? `${task} ${question}` : `${task} ${evidence.objects.toSorted((a, b) => a - b).join()}`;
}

interface SelectedSample {
  readonly sample: SampleRecord;
  readonly categories: readonly string[];
}

/** Selects samples, scene by scene in order. */
export class Selection {
  readonly #seed: number;
  readonly #shareOf: (candidate: Candidate) => number;
  /** By task and number of options, then by letter. */
  readonly #letters = new Map<string, Map<string, number>>();

  constructor(seed: number, counts: CandidateCounts) {
    this.#seed = seed;
    this.#shareOf = counts.shares();
  }

  /** The samples of `scene` with the categories they name; `candidates` are those that were counted. */
  select(scene: string, split: string, candidates: readonly Candidate[]): SelectedSample[] {
    const samples: SelectedSample[] = [];
    for (const task of new Set(candidates.map((candidate) => candidate.task))) {
      const random = stream(this.#seed, 'selection', scene, task);
      const draws = new Map<string, number>();
      const kept = candidates.filter((candidate) => {
        if (candidate.task !== task) return false;
        const key = questionKey(candidate);
        if (!draws.has(key)) draws.set(key, random.next());
        return draws.get(key)! < this.#shareOf(candidate);
      });
      const chosen = this.#balanced(kept);
      for (const { categories, ...sample } of chosen) {
        samples.push({ sample: { id: `${scene}_${samples.length}`, scene, split, ...sample }, categories });
      }
    }
    return samples;
  }

  /** One candidate for each question, of the ways of asking it the one with the letter least used so far. */
  #balanced(candidates: readonly Candidate[]): Candidate[] {
    let left = candidates;
    const chosen: Candidate[] = [];
    while (left.length > 0 && chosen.length < PER_SCENE) {
      const best = left.reduce((rarest, other) => (this.#excess(other) < this.#excess(rarest) ? other : rarest));
      if (best.kind === 'choice') add(this.#lettersOf(best), best.answer, 1);
      chosen.push(best);
      const key = questionKey(best);
      left = left.filter((candidate) => questionKey(candidate) !== key);
    }
    return chosen;
  }

  /** How far the candidate's letter exceeds its even share so far; 0 for numbers. */
  #excess(candidate: Candidate): number {
    if (candidate.kind !== 'choice') return 0;
    const letters = this.#lettersOf(candidate);
    const total = [...letters.values()].reduce((sum, count) => sum + count, 0);
    return (letters.get(candidate.answer) ?? 0) - total / (candidate.options?.length ?? 1);
  }

  #lettersOf({ task, options }: Candidate): Map<string, number> {
    return nested(this.#letters, `${task} ${options?.length}`);
  }
}

/** The text of the right option; the answer itself where there are no options. */
export function answerText({ options, answer }: Pick<SampleRecord, 'options' | 'answer'>): string {
  return options?.[answer.charCodeAt(0) - 65] ?? answer;
}
