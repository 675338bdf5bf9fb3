/**
 * Processes of this program that train one policy together (peers.ts): the one that was called, which writes what comes of
 * it, and others that it starts with --peer. They begin alike and take the same steps; each step they tell each other the
 * sums of their gradients. Graphs as small as these gain more from a process for each processor than from
 * several threads within an operator.
 *
 * Sums go through files, and messages say that they are there: a message of megabytes is read in pieces, and the garbage
 * that these leave takes a process with a large heap longer than the step.
 */
import { on } from 'node:events';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Peers } from '../training/peers';
import { UsageError } from './command';
import { endOf, endWithParent, startProcess } from './this-program';

/** The process that was called, with the others. */
export interface Leader extends Peers {
  /** Stops the others. */
  end(): void;
}

/**
 * Starts `size` - 1 other processes.
 * @param command that they begin with, and its flags; --peer is added. @param program instead of this one.
 */
export function leadPeers(command: readonly string[], size: number, program?: readonly string[]): Leader {
  const folder = mkdtempSync(join(tmpdir(), 'parallax-peers-'));
  const others = Array.from({ length: size - 1 }, (_, index) => {
    const child = startProcess([...command, '--peer', `${index + 1}/${size}:${folder}`], { program });
    return { child, file: sumFile(folder, index + 1), inbox: on(child, 'message', { close: ['exit'] }) };
  });
  const theirs = new Shared();
  return {
    rank: 0,
    size,
    sum: async (values) => {
      for (const { child, file, inbox } of others) {
        const { done } = await inbox.next();
        if (done) throw new Error(`another process of the run ended with ${endOf(child)}`);
        const more = theirs.read(file, values.length);
        for (let index = 0; index < values.length; index++) values[index] += more[index];
      }
      writeFileSync(sumFile(folder, 0), values);
      for (const { child } of others) child.send('sum');
      return values;
    },
    end: () => {
      for (const { child } of others) child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * The other end, in a process that `leadPeers` started. This process ends when that one is gone.
 * @param place of --peer: RANK/SIZE:FOLDER.
 */
export function followLeader(place: string): Peers {
  const [numbers, folder] = [place.split(':', 1)[0], place.slice(place.indexOf(':') + 1)];
  const [rank, size] = numbers.split('/').map(Number);
  if (!endWithParent() || !(rank > 0 && rank < size)) {
    throw new UsageError('--peer is for processes that --processes starts');
  }
  const inbox = on(process, 'message');
  const total = new Shared();
  return {
    rank,
    size,
    sum: async (values) => {
      writeFileSync(sumFile(folder, rank), values);
      process.send?.('sum');
      await inbox.next();
      return total.read(sumFile(folder, 0), values.length);
    },
  };
}

/** Where a process writes its sum; the first one writes that of all. */
function sumFile(folder: string, rank: number): string {
  return join(folder, `${rank}.f32`);
}

/** Memory that files of one length are read into again and again. */
class Shared {
  private values = new Float32Array(0);

  read(file: string, length: number): Float32Array {
    if (this.values.length !== length) this.values = new Float32Array(length);
    const handle = openSync(file, 'r');
    const bytes = readSync(handle, this.values);
    closeSync(handle);
    if (bytes !== this.values.byteLength) throw new Error(`${file} has ${bytes} bytes of ${this.values.byteLength}`);
    return this.values;
  }
}
