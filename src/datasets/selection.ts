/**
 * Which of the questions that the scenes allow become samples. Rooms drawn without care make a data set that can be
 * answered blind: most counts are 2, and a sofa is always two metres long. So answers are thinned
 * where they crowd, first within the questions that name the same categories, then within the task, and the letters of
 * choices are taken least-used first.
 *
 * It needs two passes over the candidates: one counts them (`CandidateCounts`), one selects (`Selection`). Both hold
 * only tables, however many scenes there are.
 */
import * as exact from '../exact-math';
import { stream } from '../random';
import type { SampleRecord } from './canonical';
import type { Candidate } from './candidates';
import { meanRelativeAccuracy } from './metrics';

/** Questions of a family in one scene, at most: the benchmarks' rule. */
const PER_SCENE = 6;
/** Thinning a set of categories, and then a task, keeps this share: flatter answers are bought with fewer samples. */
const [KEPT_OF_GROUP, KEPT_OF_TASK] = [0.7, 0.6];
/** Questions about the same categories are thinned on their own from so many on … */
const SMALLEST_GROUP = 12;
/** … and up to so many categories: larger sets hardly ever recur, and would make the tables grow with every scene. */
const LARGEST_SET = 2;
const LARGER = 'more categories';
/** A set of categories is asked about freely when a constant guess scores no more than this on it … */
const FAIR_GUESS = 0.5;
/** … and at this share of the times, at least, when the guess is always right. */
const LEAST_ASKED = 0.1;
/** A number of options is not rare when this share of a task's questions has it. */
const OFTEN = 0.2;
/** Answers are counted in ranges whose ends are in this ratio. */
const RATIO = 1.2;

type Answer = Pick<SampleRecord, 'kind' | 'options' | 'answer' | 'answer_value' | 'unit'>;

/**
 * The range that an answer is counted in: a choice by its right option; a number by the middle of its range, on a
 * logarithmic scale, or by itself where it is a count.
 */
function rangeOf(candidate: Answer): string {
  const { kind, answer_value: value, unit } = candidate;
  if (kind !== 'number') return answerText(candidate);
  if (value === null || value === 0 || (unit === null && Number.isInteger(value))) return String(value);
  return String(Math.sign(value) * RATIO ** Math.round(exact.log(Math.abs(value)) / exact.log(RATIO)));
}

function add<K>(table: Map<K, number>, key: K, amount: number): void {
  table.set(key, (table.get(key) ?? 0) + amount);
}

function inner<K, V>(table: Map<K, Map<V, number>>, key: K): Map<V, number> {
  let found = table.get(key);
  if (!found) table.set(key, (found = new Map()));
  return found;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** The answers of a task's candidates. */
interface TaskCounts {
  readonly kind: SampleRecord['kind'];
  /** By number of options, 0 for none. */
  readonly options: Map<number, number>;
  /** By number of options and categories, then by range. */
  readonly ranges: Map<string, Map<string, number>>;
}

/** How often each range of answers occurs: of a task, and of a task with a set of categories. */
export class CandidateCounts {
  readonly #tasks = new Map<string, TaskCounts>();

  add(candidates: readonly Candidate[]): void {
    for (const candidate of distinct(candidates)) {
      const { task, kind } = candidate;
      let counts = this.#tasks.get(task);
      if (!counts) this.#tasks.set(task, (counts = { kind, options: new Map(), ranges: new Map() }));
      add(counts.options, optionsOf(candidate), 1);
      add(inner(counts.ranges, groupOf(candidate)), rangeOf(candidate), 1);
    }
  }

  /**
   * The share of the candidates like a given one that shall be kept. All of a task that are kept have one number of
   * options: where some have two and some four, letters cannot be even.
   */
  shares(): (candidate: Candidate) => number {
    const shares = new Map<string, (candidate: Candidate) => number>();
    for (const [task, { kind, options, ranges }] of this.#tasks) {
      const usual = usualOptions(options);
      const inGroup = new Map<string, Map<string, number>>();
      const left = new Map<string, number>();
      for (const [group, counts] of ranges) {
        if (!group.startsWith(`${usual} `)) continue;
        const kept = group.endsWith(LARGER) || sum(counts.values()) < SMALLEST_GROUP ? null : groupShares(kind, counts);
        if (kept) inGroup.set(group, kept);
        for (const [range, count] of counts) add(left, range, count * (kept?.get(range) ?? 1));
      }
      const inTask = thinned(left, KEPT_OF_TASK);
      shares.set(task, (candidate) => {
        if (optionsOf(candidate) !== usual) return 0;
        const range = rangeOf(candidate);
        // A way of asking that was not counted, because another one stood for it, is not thinned.
        return (inGroup.get(groupOf(candidate))?.get(range) ?? 1) * (inTask.get(range) ?? 1);
      });
    }
    return (candidate) => shares.get(candidate.task)?.(candidate) ?? 1;
  }
}

/** The largest number of options that is not rare. */
function usualOptions(counts: ReadonlyMap<number, number>): number {
  const enough = OFTEN * sum(counts.values());
  return Math.max(...[...counts].filter(([, count]) => count >= enough).map(([options]) => options));
}

function optionsOf({ options }: Candidate): number {
  return options?.length ?? 0;
}

function groupOf(candidate: Candidate): string {
  const { categories } = candidate;
  return `${optionsOf(candidate)} ${categories.length <= LARGEST_SET ? categories.join() : LARGER}`;
}

/** The share kept of each range of a set of categories: thinned, and all the less the better a constant guess does. */
function groupShares(kind: SampleRecord['kind'], counts: ReadonlyMap<string, number>): Map<string, number> {
  const shares = thinned(counts, KEPT_OF_GROUP);
  const left = [...counts].map(([range, count]) => [range, count * shares.get(range)!] as const);
  const total = sum(left.map(([, count]) => count));
  const guesses = left.map(([guess]) =>
    sum(
      left.map(([range, count]) => {
        const right = kind === 'number' ? meanRelativeAccuracy(Number(guess), Number(range)) : Number(guess === range);
        return count * right;
      }),
    ),
  );
  const asked = (1 - Math.max(...guesses) / total) / (1 - FAIR_GUESS);
  const factor = Math.min(1, Math.max(LEAST_ASKED, asked));
  return new Map([...shares].map(([range, share]) => [range, factor * share]));
}

/** Cuts the counts at the lowest height that keeps the share `kept` of their sum; the share kept of each. */
function thinned(counts: ReadonlyMap<string, number>, kept: number): Map<string, number> {
  const total = sum(counts.values());
  // The kept sum grows with the height, linearly between one count and the next.
  const sorted = [...counts.values()].sort((a, b) => a - b);
  let below = 0;
  let height = 0;
  for (const [index, count] of sorted.entries()) {
    const taller = sorted.length - index;
    if (below + count * taller >= kept * total) {
      height = (kept * total - below) / taller;
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
  const named = kind === 'choice' && evidence.objects.length > 0;
  return `${task} ${named ? evidence.objects.toSorted((a, b) => a - b).join() : question}`;
}

interface SelectedSample {
  readonly sample: SampleRecord;
  readonly categories: readonly string[];
}

/** Selects samples, scene by scene in order. */
export class Selection {
  readonly #seed: number;
  readonly #shareOf: (candidate: Candidate) => number;
  /** By task, then by letter, or by range of a number: how many samples have it. */
  readonly #answers = new Map<string, Map<string, number>>();

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

  /** One candidate for each question, always one of those whose letter, or range, is the least used so far. */
  #balanced(candidates: readonly Candidate[]): Candidate[] {
    let left = candidates;
    const chosen: Candidate[] = [];
    while (left.length > 0 && chosen.length < PER_SCENE) {
      const best = left.reduce((rarest, other) => (this.#uses(other) < this.#uses(rarest) ? other : rarest));
      add(inner(this.#answers, best.task), answerKey(best), 1);
      chosen.push(best);
      const key = questionKey(best);
      left = left.filter((candidate) => questionKey(candidate) !== key);
    }
    return chosen;
  }

  #uses(candidate: Candidate): number {
    return this.#answers.get(candidate.task)?.get(answerKey(candidate)) ?? 0;
  }
}

function answerKey(candidate: Candidate): string {
  return candidate.kind === 'choice' ? candidate.answer : rangeOf(candidate);
}

/** The text of the right option; the answer itself where there are no options. */
export function answerText({ options, answer }: Pick<SampleRecord, 'options' | 'answer'>): string {
  return options?.[answer.charCodeAt(0) - 65] ?? answer;
}
