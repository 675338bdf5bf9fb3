/**
 * A data set held against its own scene files: the verifier recomputes every answer from them, and the letters of
 * choices are counted.
 */
import { verifySample } from '../tasks/verifier/verify';
import type { SampleRecord, SceneRecord } from './canonical';

/** Disagreements whose reasons are kept. */
const NAMED = 5;

interface TaskTally {
  samples: number;
  agreeing: number;
  /** By number of options, then by letter. */
  readonly letters: Map<number, Map<string, number>>;
}

/** Verifies samples one after the other and counts. */
export class Verification {
  readonly #tasks = new Map<string, TaskTally>();
  readonly #reasons: string[] = [];

  add(scene: SceneRecord, sample: SampleRecord): void {
    let tally = this.#tasks.get(sample.task);
    if (!tally) this.#tasks.set(sample.task, (tally = { samples: 0, agreeing: 0, letters: new Map() }));
    tally.samples++;
    const verdict = verifySample(scene, sample);
    if (verdict.agrees) tally.agreeing++;
    else if (this.#reasons.length < NAMED) this.#reasons.push(verdict.reason);
    if (sample.options === null) return;
    const options = sample.options.length;
    const letters = tally.letters.get(options) ?? new Map<string, number>();
    tally.letters.set(options, letters.set(sample.answer, (letters.get(sample.answer) ?? 0) + 1));
  }

  /** Samples whose answer or evidence is not what the scene says. */
  get disagreements(): number {
    return this.total - [...this.#tasks.values()].reduce((sum, { agreeing }) => sum + agreeing, 0);
  }

  get total(): number {
    return [...this.#tasks.values()].reduce((sum, { samples }) => sum + samples, 0);
  }

  /** Why the first few samples disagree, each with its id. */
  get reasons(): readonly string[] {
    return this.#reasons;
  }

  /** A line a task: samples, agreeing ones, and each letter's share with the largest distance from even, percent. */
  lines(): string[] {
    return [...this.#tasks]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([task, { samples, agreeing, letters }]) => {
        const balances = [...letters].sort(([a], [b]) => a - b).map(([options, counts]) => balance(options, counts));
        const row = `${task.padEnd(28)}${String(samples).padStart(7)}${String(agreeing).padStart(8)}`;
        return `${row}  ${balances.join('; ')}`.trimEnd();
      });
  }
}

/** 'A 24.9 B 25.1 C 25.0 D 25.0, at most 0.1 from even' */
function balance(options: number, counts: ReadonlyMap<string, number>): string {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const shares = Array.from({ length: options }, (_, index) => {
    const letter = String.fromCharCode(65 + index);
    return { letter, percent: (100 * (counts.get(letter) ?? 0)) / total };
  });
  const farthest = Math.max(...shares.map(({ percent }) => Math.abs(percent - 100 / options)));
  const list = shares.map(({ letter, percent }) => `${letter} ${percent.toFixed(1)}`).join(' ');
  return `${list}, at most ${farthest.toFixed(1)} from even`;
}
