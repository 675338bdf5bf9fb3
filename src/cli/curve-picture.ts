/**
 * Curves of several runs as one SVG picture, for reports and READMEs: each run's values faintly, and over them the mean
 * of each tenth of its steps, which is what one compares. Of several runs like one another: their mean, in the range from
 * the lowest to the highest of them.
 */
import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';

/** One run, or the mean of some: a value a step, from step 1 on. */
export interface Curve {
  readonly label: string;
  readonly values: readonly number[];
  /** Where it is a mean, the values of the runs that it is of, all of its length. */
  readonly runs?: readonly (readonly number[])[];
}

const [WIDTH, HEIGHT] = [720, 300];
const MARGIN = { top: 34, right: 20, bottom: 40, left: 52 };
/** Okabe and Ito's colours, told apart with any colour vision. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const TENTHS = 10;
/** Points of a run's faint line at most; a longer run's are means of so many stretches. */
const POINTS = 500;

/** Means of the tenths of `values`, fewer where there are fewer values: [first step, last step, mean]. */
export function tenths(values: readonly number[]): [number, number, number][] {
  return stretches(values, TENTHS);
}

/** Means of `count` equal stretches of `values`, of each value where there are no more: [first step, last step, mean]. */
function stretches(values: readonly number[], count: number): [number, number, number][] {
  const parts = Math.min(count, values.length);
  return Array.from({ length: parts }, (_, part) => {
    const from = Math.round((part * values.length) / parts);
    const to = Math.round(((part + 1) * values.length) / parts);
    const own = values.slice(from, to);
    return [from + 1, to, own.reduce((sum, value) => sum + value, 0) / own.length];
  });
}

/** @throws RangeError naming a run without values, or with one that is not finite. */
export function curvePicture(curves: readonly Curve[], title: string): string {
  for (const { label, values } of curves) {
    if (values.length === 0) throw new RangeError(`${label} has no steps`);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad !== -1) throw new RangeError(`${label}: step ${bad + 1} is ${values[bad]}`);
  }
  const all = curves.flatMap(({ values, runs }) =>
    runs ? runs.flatMap((run) => stairs(run).map(([, mean]) => mean)) : values,
  );
  const x = scaleLinear()
    .domain([0, Math.max(...curves.map(({ values }) => values.length))])
    .range([MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear()
    .domain([Math.min(0, ...all), Math.max(...all)])
    .nice()
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const path = line<readonly [number, number]>()
    .x(([step]) => Number(x(step).toFixed(1)))
    .y(([, value]) => Number(y(value).toFixed(1)));

  const band = area<readonly [number, number, number]>()
    .x(([step]) => Number(x(step).toFixed(1)))
    .y0(([, low]) => Number(y(low).toFixed(1)))
    .y1(([, , high]) => Number(y(high).toFixed(1)));

  const grid = y.ticks(6).map((tick) => {
    const at = y(tick).toFixed(1);
    return (
      `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}" stroke="#ddd"/>` +
      `<text x="${MARGIN.left - 8}" y="${at}" text-anchor="end" dominant-baseline="middle">${tick}</text>`
    );
  });
  const steps = x.ticks(10).map((tick) => {
    return `<text x="${x(tick).toFixed(1)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${tick}</text>`;
  });
  const runs = curves.map(({ label, values, runs: own = [] }, index) => {
    const color = COLORS[index % COLORS.length];
    const raw = path(stretches(values, POINTS).map(([from, to, mean]) => [(from + to) / 2, mean] as const));
    const lines = own.map(stairs);
    const around = band(
      stairs(values).map(([step], at) => {
        const means = lines.map((each) => each[at][1]);
        return [step, Math.min(...means), Math.max(...means)] as const;
      }),
    );
    const key = MARGIN.left + 110 * index;
    return (
      (own.length > 0
        ? `<path d="${around}" fill="${color}" fill-opacity="0.12"/>`
        : `<path d="${raw}" stroke="${color}" stroke-opacity="0.3" fill="none"/>`) +
      `<path d="${path(stairs(values))}" stroke="${color}" stroke-width="2.5" fill="none"/>` +
      `<line x1="${key}" x2="${key + 18}" y1="26" y2="26" stroke="${color}" stroke-width="2.5"/>` +
      `<text x="${key + 24}" y="30">${escaped(label)}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#333">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${MARGIN.left}" y="14" font-weight="bold">${escaped(title)}</text>`,
    ...grid,
    ...steps,
    `<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">step</text>`,
    ...runs,
    '</svg>\n',
  ].join('\n');
}

/** The means of tenths as a line that is level within each. */
function stairs(values: readonly number[]): (readonly [step: number, value: number])[] {
  return tenths(values).flatMap(([from, to, mean]) => [[from, mean] as const, [to, mean] as const]);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
