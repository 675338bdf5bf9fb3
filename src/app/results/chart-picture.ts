/** The charts on the page as one PNG file: each SVG with its computed colours, drawn on a canvas under its title. */

const SCALE = 2;
const [MARGIN, TITLE, CAPTION] = [20, 30, 34];
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
    return svg ? [{ title: chart.dataset.chart ?? '', svg, box: svg.getBoundingClientRect() }] : [];
  });
  if (drawn.length === 0) throw new Error('there is no chart on the page');
  const width = Math.max(...drawn.map(({ box }) => box.width)) + 2 * MARGIN;
  const height = drawn.reduce((sum, { box }) => sum + box.height + TITLE + MARGIN, MARGIN) + CAPTION;
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
  for (const { title, svg, box } of drawn) {
    context.font = `600 14px ${family}`;
    context.fillText(title, MARGIN, top + 16, width - 2 * MARGIN);
    context.drawImage(await pictureOf(svg, box.width, box.height), MARGIN, top + TITLE, box.width, box.height);
    top += box.height + TITLE + MARGIN;
  }
  context.font = `12px ${family}`;
  context.fillText(caption, MARGIN, top + 12, width - 2 * MARGIN);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('the browser could not make a picture of this size');
  return new Uint8Array(await blob.arrayBuffer());
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
