/**
 * The curriculum's table as a heat map: a row a task, a column a level of difficulty, and of each cell the accuracy, the
 * share of the next step's questions, or the weight in the loss.
 */
import type { CurriculumCell } from '../lab/protocol';
import { formatReward } from './format';
import { groupBy } from '../group-by';

/** What of a cell is shown. */
export type CellFigure = 'accuracy' | 'share' | 'weight';

interface HeatCell {
  readonly level: number;
  /** The figure as it reads; null where there is none yet. */
  readonly text: string | null;
  /** Where it lies on the scale, from 0 to 1; null where there is none. */
  readonly heat: number | null;
  /** All that is known of the cell, in words. */
  readonly detail: string;
}

export interface HeatMap {
  readonly levels: number;
  readonly rows: readonly { readonly task: string; readonly cells: readonly HeatCell[] }[];
  /** The upper end of the scale as it reads; the lower is 0. */
  readonly top: string;
}

/** A share in percent, two digits: 62 %, 3.1 %, 0.42 %. */
const percent = (value: number) => `${Number((100 * value).toPrecision(2))} %`;

const FORMATS: Readonly<Record<CellFigure, (value: number) => string>> = {
  accuracy: percent,
  share: percent,
  weight: formatReward,
};

function detail({ groups, accuracy, share, weight }: CurriculumCell): string {
  return [
    groups === 0 ? 'not asked yet' : `${groups} ${groups === 1 ? 'group' : 'groups'}`,
    ...(accuracy === null ? [] : [`accuracy ${percent(accuracy)}`]),
    ...(share === null ? [] : [`share ${percent(share)}`]),
    ...(weight === null ? [] : [`weight ${formatReward(weight)}`]),
  ].join(', ');
}

/**
 * The heat map of one figure; null where no cell has it. Accuracy and weight go from 0 to 1, shares up to the largest.
 * @param cells row by row, levels ascending.
 */
export function heatMap(cells: readonly CurriculumCell[], figure: CellFigure): HeatMap | null {
  const values = cells.flatMap((cell) => cell[figure] ?? []);
  if (values.length === 0) return null;
  const format = FORMATS[figure];
  const top = figure === 'share' ? Math.max(...values) : 1;
  const rows = [...groupBy(cells, ({ task }) => task)].map(([task, row]) => ({
    task,
    cells: row.map((cell): HeatCell => {
      const value = cell[figure];
      return {
        level: cell.level,
        text: value === null ? null : format(value),
        heat: value === null ? null : value / top,
        detail: detail(cell),
      };
    }),
  }));
  return { levels: Math.max(...rows.map((row) => row.cells.length)), rows, top: format(top) };
}
