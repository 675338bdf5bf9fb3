/** The charts on the page as one PNG file: each SVG with its computed colours, drawn on a canvas under its title. */

const SCALE = 2;
const [MARGIN, TITLE, LEGEND, CAPTION] = [20, 30, 20, 34];
/** What a serialized chart needs of the page's styles, since var() and classes mean nothing outside it. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-opacity',
  'stroke-width',
  'font-size',
  'font-family',
] as const;

/**
 * The charts in `charts`, elements with a `data-chart` title and an SVG, one below the other.
 * @throws Error where there are none, or the browser cannot draw them.
 */
export async function chartsPng(charts: readonly HTMLElement[], caption: string): Promise<Uint8Array> {
  const drawn = charts.flatMap((chart) => {
    const svg = chart.querySelector<SVGSVGElement>('svg.recharts-surface');
    if (!svg) return [];
    const legend = legendOf(chart);
    const head = TITLE + (legend.length > 0 ? LEGEND : 0);
    return [{ title: chart.dataset.chart ?? '', svg, legend, head, box: svg.getBoundingClientRect() }];
  });
  if (drawn.length === 0) throw new Error('there is no chart on the page');
  const width = Math.max(...drawn.map(({ box }) => box.width)) + 2 * MARGIN;
  const height = drawn.reduce((sum, { box, head }) => sum + box.height + head + MARGIN, MARGIN) + CAPTION;
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(width * SCALE);
  canvas.height = Math.ceil(height * SCALE);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('the browser gives no canvas to draw on');
  const style = getComputedStyle(charts[0]);
  const family = style.fontFamily;
  context.scale(SCALE, SCALE);
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--surface');
  context.fillRect(0, 0, width, height);
  context.fillStyle = style.color;
  let top = MARGIN;
  for (const { title, svg, legend, head, box } of drawn) {
    context.font = `600 14px ${family}`;
    context.fillText(title, MARGIN, top + 16, width - 2 * MARGIN);
    drawLegend(context, legend, top + TITLE, family);
    context.drawImage(await pictureOf(svg, box.width, box.height), MARGIN, top + head, box.width, box.height);
    top += box.height + head + MARGIN;
  }
  context.font = `12px ${family}`;
  context.fillText(caption, MARGIN, top + 12, width - 2 * MARGIN);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('the browser could not make a picture of this size');
  return new Uint8Array(await blob.arrayBuffer());
}

interface LegendItem {
  readonly color: string;
  readonly text: string;
}

/** The names of a chart's colours, as its legend on the page shows them. */
function legendOf(chart: HTMLElement): LegendItem[] {
  return [...chart.querySelectorAll<HTMLElement>('[data-color]')].map((swatch) => ({
    color: getComputedStyle(swatch).backgroundColor,
    text: swatch.dataset.color ?? '',
  }));
}

function drawLegend(
  context: CanvasRenderingContext2D,
  legend: readonly LegendItem[],
  top: number,
  family: string,
): void {
  const ink = context.fillStyle;
  context.font = `12px ${family}`;
  let left = MARGIN;
  for (const { color, text } of legend) {
    context.fillStyle = color;
    context.fillRect(left, top + 1, 10, 10);
    context.fillStyle = ink;
    context.fillText(text, left + 16, top + 10);
    left += 40 + context.measureText(text).width;
  }
}

/** An SVG of the page as a picture that needs nothing of the page. */
async function pictureOf(svg: SVGSVGElement, width: number, height: number): Promise<HTMLImageElement> {
  const copy = document.importNode(svg, true);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width * SCALE));
  copy.setAttribute('height', String(height * SCALE));
  copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const originals = svg.querySelectorAll<SVGElement>('*');
  copy.querySelectorAll<SVGElement>('*').forEach((element, index) => {
    const computed = getComputedStyle(originals[index]);
    for (const name of STYLES) element.style.setProperty(name, computed.getPropertyValue(name));
  });
  const url = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}
