/**
 * What a piece of furniture is: a category with the size of the real thing, the rooms that it belongs in, the place
 * that it takes there, and how to build it. To add one, write a file beside this one and a line in registry.ts.
 */
import type { RandomStream } from '../../random';
import type { MeshBuilder } from '../mesh-builder';
import type { Range, RoomTypeName } from '../room-types';

/** Outer measures of one piece, metres: x, y (front towards -y) and z. */
export interface Size {
  readonly width: number;
  readonly depth: number;
  readonly height: number;
}

/** Where a piece stands. */
export type Placement =
  /** With its back to a wall; `clearance` metres before it stay free. */
  | { readonly kind: 'wall'; readonly clearance: number }
  /** In a corner of the room, or along a wall when the corners are taken. */
  | { readonly kind: 'corner' }
  /** Near the middle of the room, in line with the walls, with `clearance` metres around it. */
  | { readonly kind: 'center'; readonly clearance: number }
  /** Around one of the hosts, facing it; against a wall when there is no seat left. */
  | { readonly kind: 'around'; readonly hosts: readonly string[] }
  /** Beside one of the hosts, their backs in line. */
  | { readonly kind: 'beside'; readonly hosts: readonly string[] }
  /** Before the front of one of the hosts. */
  | { readonly kind: 'before'; readonly hosts: readonly string[] }
  /** On the top of one of the hosts, at its back or front edge or anywhere on it. */
  | { readonly kind: 'on'; readonly hosts: readonly string[]; readonly anchor: 'back' | 'front' | 'anywhere' };

/** How a piece occurs in a room type: with `probability`, and then `count` times (uniform, both ends included). */
interface Occurrence {
  readonly probability: number;
  readonly count: Range;
}

export interface Furniture {
  /** In the benchmarks' words, lower case singular. */
  readonly category: string;
  /** Metres, after real furniture; the file names the source. */
  readonly size: { readonly width: Range; readonly depth: Range; readonly height: Range };
  /** The depth is the width: round and square pieces. */
  readonly square?: true;
  /** A wider piece is as much deeper and higher, as screens of one shape are. */
  readonly proportional?: true;
  /** All pieces of a room are of one model, as chairs of a set are. */
  readonly matching?: true;
  /** The flat top can carry things, on this fraction of its width and depth. */
  readonly surface?: number;
  readonly placement: Placement;
  readonly rooms: Readonly<Partial<Record<RoomTypeName, Occurrence>>>;
  /** Adds shapes that fill `size` exactly: on the floor (z = 0), centred on the origin, front towards -y. */
  build(mesh: MeshBuilder, size: Size, random: RandomStream): void;
}
