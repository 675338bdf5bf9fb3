/**
 * What a command of the command line is, and how its flags are read.
 */
import { parseArgs, type ParseArgsConfig } from 'node:util';

export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly usage: string;
  /** Does the work. Throws an Error with a message for people on any failure. */
  run(args: readonly string[]): Promise<void>;
}

/** A mistake on the command line itself: the message is followed by a pointer to --help. */
export class UsageError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Reads flags (and no positional arguments unless allowed); unknown ones are named in a UsageError. */
export function readFlags<O extends Options>(args: readonly string[], options: O, allowPositionals = false) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Refuses all flags but --out beside --resume: the `what` in that folder goes on as it was begun. */
export function refuseBesideResume(values: Readonly<Record<string, unknown>>, what: string): void {
  const other = Object.keys(values).find((flag) => flag !== 'resume' && flag !== 'out');
  if (other) throw new UsageError(`--${other} does not go with --resume: the ${what} goes on as it was begun`);
}

/** The value of a flag that must be given. */
export function required(value: string | undefined, flag: string): string {
  if (value === undefined || value === '') throw new UsageError(`${flag} is missing`);
  return value;
}

/** A flag's whole number of at least `least`. */
export function wholeNumber(value: string, flag: string, least: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number) || number < least) {
    throw new UsageError(`${flag} must be a whole number from ${least} on, not "${value}"`);
  }
  return number;
}
