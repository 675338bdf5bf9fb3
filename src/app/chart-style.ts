/** How the page's charts look, in the colours of its theme: axes, grids, and what marks the place of the pointer. */

const TICK = { fill: 'var(--muted)', fontSize: 11 } as const;

/** An axis that is drawn. */
export const DRAWN_AXIS = { tick: TICK, tickLine: false, axisLine: { stroke: 'var(--line-strong)' } } as const;

/** An axis of numbers alone, where the grid's lines are enough. */
export const BARE_AXIS = { tick: TICK, tickLine: false, axisLine: false } as const;

export const GRID_LINE = 'var(--line)';

/** Under the pointer: a line through curves, a shade behind bars. */
export const LINE_CURSOR = { stroke: 'var(--muted)', strokeDasharray: '2 3' } as const;
export const BAR_CURSOR = { fill: 'var(--sunken)' } as const;

/** An axis from the first of `ticks` to the last. */
export function spanning(ticks: readonly number[]) {
  return { domain: [ticks[0], ticks[ticks.length - 1]], ticks };
}
