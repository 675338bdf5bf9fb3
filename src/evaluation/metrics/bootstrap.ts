/**
 * Bootstrap intervals of a benchmark's figures, clustered by scene: whole scenes are drawn with replacement, since the
 * answers about one scene stand or fall together, and every figure is computed anew from what was drawn.
 */
import { stream } from '../../random';
import type { Cell } from './benchmark';

/** An answer's score with where it belongs. */
export interface Scored {
  readonly task: string;
  readonly source: string | null;
  readonly scene: string | null;
  readonly score: number;
}

/** Ends of a 95 % interval. */
export type Interval = readonly [low: number, high: number];

const RESAMPLES = 1000;

/** Averages the scores of each task and source. */
export function cellsOf(scored: readonly Scored[]): Cell[] {
  const table = new CellTable(scored);
  return table.cells(table.clusters.map(() => 1));
}

/**
 * 95 % intervals of the figures that `figuresOf` computes from cells: the 2.5th and the 97.5th percentile over
 * 1000 draws of as many clusters as there are. An answer without a scene is a cluster of its own. A figure that a
 * draw lacks (a task with none of its scenes drawn) is left out of that figure's percentiles.
 */
export function bootstrapIntervals(
  scored: readonly Scored[],
  figuresOf: (cells: readonly Cell[]) => Readonly<Record<string, number | null>>,
): { readonly intervals: Record<string, Interval>; readonly clusters: number } {
  const table = new CellTable(scored);
  const random = stream(0, 'bootstrap');
  const count = table.clusters.length;
  const drawn = new Map<string, number[]>();
  for (let draw = 0; draw < RESAMPLES && count > 0; draw++) {
    const times = Array.from({ length: count }, () => 0);
    for (let k = 0; k < count; k++) times[random.integer(0, count - 1)]++;
    for (const [name, figure] of Object.entries(figuresOf(table.cells(times)))) {
      if (figure === null) continue;
      const own = drawn.get(name);
      if (own) own.push(figure);
      else drawn.set(name, [figure]);
    }
  }
  const intervals = [...drawn].map(([name, figures]) => {
    figures.sort((a, b) => a - b);
    return [name, [percentile(figures, 0.025), percentile(figures, 0.975)]] as const;
  });
  return { intervals: Object.fromEntries(intervals), clusters: count };
}

/** Value at share `p` of ascending values, interpolated between neighbours. */
export function percentile(ascending: readonly number[], p: number): number {
  const at = p * (ascending.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below] + (at - below) * (ascending[above] - ascending[below]);
}

/** Sums of scores by cluster and cell, from which any weighting of the clusters is averaged quickly. */
class CellTable {
  /** A cluster: its cells by their numbers, with sums and counts. */
  readonly clusters: readonly (readonly { cell: number; sum: number; count: number }[])[];
  readonly #keys: readonly { task: string; source: string | null }[];

  constructor(scored: readonly Scored[]) {
    const numbers = new Map<string, number>();
    const keys: { task: string; source: string | null }[] = [];
    const clusters = new Map<string, Map<number, { cell: number; sum: number; count: number }>>();
    scored.forEach(({ task, source, scene, score }, index) => {
      const key = JSON.stringify([task, source]);
      let cell = numbers.get(key);
      if (cell === undefined) {
        cell = keys.push({ task, source }) - 1;
        numbers.set(key, cell);
      }
      const cluster = scene === null ? `answer ${index}` : `scene ${scene}`;
      let own = clusters.get(cluster);
      if (!own) clusters.set(cluster, (own = new Map()));
      const entry = own.get(cell);
      if (entry) {
        entry.sum += score;
        entry.count++;
      } else own.set(cell, { cell, sum: score, count: 1 });
    });
    this.#keys = keys;
    this.clusters = [...clusters.values()].map((own) => [...own.values()]);
  }

  /** Cells when cluster k counts `times[k]` times. */
  cells(times: readonly number[]): Cell[] {
    const sums = this.#keys.map(() => 0);
    const counts = this.#keys.map(() => 0);
    this.clusters.forEach((entries, cluster) => {
      if (times[cluster] === 0) return;
      for (const { cell, sum, count } of entries) {
        sums[cell] += times[cluster] * sum;
        counts[cell] += times[cluster] * count;
      }
    });
    return this.#keys.flatMap(({ task, source }, cell) =>
      counts[cell] === 0 ? [] : [{ task, source, mean: sums[cell] / counts[cell], count: counts[cell] }],
    );
  }
}
