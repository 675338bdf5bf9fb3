/**
 * The page's state in the address: the preset, every setting that differs from it, and the room on show. A copied
 * address opens the same experiment: `#preset=nano&room=7&grpo.beta=0.02`.
 */
import { presets } from '../training/presets';
import { differences, draftOf, fieldsByPath, validate, type Draft, type FieldValue } from './settings';

/** The preset that the page opens with. */
const DEFAULT_PRESET = 'nano';

export interface PageAddress {
  readonly preset: string;
  readonly draft: Draft;
  readonly room: number;
}

/** The hash, without '#', of an address. Only what differs from the preset is written. */
export function encodeAddress({ preset, draft, room }: PageAddress): string {
  const parameters = new URLSearchParams({ preset, room: String(room) });
  for (const path of differences(draft, draftOf(presets[preset]))) {
    const value = draft[path];
    parameters.set(path, typeof value === 'object' ? value.join(',') : String(value));
  }
  return parameters.toString().replaceAll('%2C', ',');
}

function parameterValue(path: string, text: string): FieldValue {
  const kind = fieldsByPath.get(path)?.kind;
  if (kind === 'list') return text.split(',').filter((item) => item !== '');
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

/** Takes the change at `path` out; where the problem is not a change's own, those of its section, or else all. */
function drop(changes: Record<string, FieldValue>, path: string): void {
  const names = Object.keys(changes);
  const own = names.filter((name) => path === name || path.startsWith(`${name}.`));
  const section = names.filter((name) => name.split('.')[0] === path.split('.')[0]);
  const dropped = [own, section, names].find((candidates) => candidates.length > 0) ?? [];
  for (const name of dropped) delete changes[name];
}

/**
 * Reads a hash, with or without '#'. A bad part is left at the preset's value and told, by name, in `problems`.
 */
export function decodeAddress(hash: string): PageAddress & { readonly problems: readonly string[] } {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const problems: string[] = [];

  const named = parameters.get('preset') ?? DEFAULT_PRESET;
  const known = Object.hasOwn(presets, named);
  if (!known) problems.push(`preset: there is no "${named}"; the presets are ${Object.keys(presets).join(', ')}`);
  const preset = known ? named : DEFAULT_PRESET;

  const roomText = parameters.get('room') ?? '1';
  const room = /^\d{1,10}$/.test(roomText) && Number(roomText) <= MAX_SEED ? Number(roomText) : 1;
  if (String(room) !== roomText) problems.push(`room: "${roomText}" is no seed; use a whole number up to ${MAX_SEED}`);

  const base = draftOf(presets[preset]);
  const changes: Record<string, FieldValue> = {};
  for (const [path, text] of parameters) {
    if (path === 'preset' || path === 'room') continue;
    if (fieldsByPath.has(path)) changes[path] = parameterValue(path, text);
    else problems.push(`${path}: there is no such setting`);
  }
  // Rules over several fields are only checked once each field is sound, so dropping one problem may show the next.
  for (;;) {
    const found = Object.entries(validate({ ...base, ...changes }).problems);
    if (found.length === 0) break;
    for (const [path, problem] of found) {
      problems.push(`${path}: ${problem}`);
      drop(changes, path);
    }
  }
  return { preset, draft: { ...base, ...changes }, room, problems };
}

/** The largest seed. */
export const MAX_SEED = 0xffffffff;
