/** Memorable names for runs: 'amber-heron-3f2a'. */
import { hashSeed } from '../random';

const COLORS = [
  'amber',
  'azure',
  'coral',
  'ivory',
  'jade',
  'lilac',
  'ochre',
  'pearl',
  'ruby',
  'slate',
  'teal',
  'umber',
];
const BIRDS = ['crane', 'finch', 'heron', 'ibis', 'kite', 'lark', 'owl', 'plover', 'raven', 'stork', 'swift', 'wren'];

/** The name of a run that starts at `time`, milliseconds. Nothing in the run depends on it. */
export function runName(time: number): string {
  const hash = hashSeed(time, 'run name');
  const color = COLORS[hash % COLORS.length];
  const bird = BIRDS[(hash >>> 8) % BIRDS.length];
  return `${color}-${bird}-${(hash >>> 16).toString(16).padStart(4, '0')}`;
}
