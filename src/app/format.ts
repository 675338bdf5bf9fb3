/**
 * How numbers, sizes and times read on the page. Metres and seconds come in; units are added here, at the edge.
 */

/** Three significant digits, without exponents in the everyday range: 0.0123, 1.24, 1,240; '–' for what is no number. */
export function formatNumber(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e6)) return minus(value.toExponential(2));
  if (magnitude >= 1000) return minus(Math.round(value).toLocaleString('en-US'));
  return minus(String(Number(value.toPrecision(3))));
}

/** A reward or an advantage: two decimals, so that columns line up; '–' where there is none. */
export function formatReward(value: number | undefined): string {
  return value === undefined ? '–' : minus(value.toFixed(2));
}

/** The sign that `formatSigned` shows: 0 of what is rounded to 0.00. */
export function shownSign(value: number): number {
  return Math.sign(Math.round(100 * value));
}

/** A reward or an advantage with its sign: +0.52, −1.10, 0.00. */
export function formatSigned(value: number): string {
  const sign = shownSign(value);
  return sign > 0 ? `+${formatReward(value)}` : formatReward(sign === 0 ? 0 : value);
}

/** Metres with two decimals: 1.24 m. */
export const formatMetres = (metres: number) => `${metres.toFixed(2)} m`;

/** Bytes in binary units: 512 B, 12.5 KiB, 2 GiB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let scaled = bytes;
  let unit = 0;
  while (scaled >= 1024 && unit < units.length - 1) {
    scaled /= 1024;
    unit++;
  }
  return `${Number(scaled.toFixed(1))} ${units[unit]}`;
}

/** Seconds as a short duration: 42 ms, 12.3 s, 4:05. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 60 ? `${Number(seconds.toFixed(1))} s` : formatClock(seconds);
}

/** Seconds as a clock shows them, whole: 0:07, 4:05, 1:02:03. */
export function formatClock(seconds: number): string {
  const whole = Math.floor(seconds);
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/** A field's or a task's name in words: 'max_grad_norm' becomes 'max grad norm'. */
export const words = (name: string) => name.replaceAll('_', ' ');

/** Abbreviations as the field writes them. */
const SPELLED: Readonly<Record<string, string>> = {
  ednm: 'EDNM',
  grpo: 'GRPO',
  lora: 'LoRA',
  lr: 'LR',
  mlp: 'MLP',
  mra: 'MRA',
  rslora: 'rsLoRA',
  sapo: 'SAPO',
};

/** The same, as the start of a line: 'Max grad norm', 'LR scheduler type'. */
export function title(name: string): string {
  const text = name
    .split('_')
    .map((word) => SPELLED[word] ?? word)
    .join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function minus(text: string): string {
  return text.replace(/^-/, '−').replace('e-', 'e−').replace('e+', 'e');
}
