/**
 * The words that a policy must be able to read and write: those that the question families use, found by letting every
 * family ask, plus all categories of furniture. What a family says is thus in the vocabulary without a second list.
 */
import { stream } from '../random';
import { cameraLookingAt } from '../scenes/camera';
import { FURNITURE } from '../scenes/furniture/registry';
import { uprightBox } from '../scenes/geometry';
import { MeshBuilder } from '../scenes/mesh-builder';
import { roomMesh } from '../scenes/room-mesh';
import type { Camera, Room, SceneObject, Vec3 } from '../scenes/scene';
import { promptText } from './contract';
import type { Observation, Question } from './family';
import { generalPieces } from './general/vocabulary';
import { observe, observeVideo } from './observation';
import { families } from './registry';

/**
 * Text pieces, sorted: words with and without their leading space, whole categories ('trash bin'), and the heads of
 * option lines; with `general`, the words of the general families too. The same code gives the same list. Single
 * characters are left to the tokenizer.
 */
export function buildVocabulary({ general = false } = {}): string[] {
  const piece = new RegExp(`\\n\\p{L}+[:.]| ?(?:${names})(?!\\p{L})| ?\\p{L}+| \\(`, 'gu');
  const pieces = new Set(categories.flatMap((category) => [category, ` ${category}`]));
  for (const question of showroomQuestions()) {
    for (const text of [promptText(question), question.reasoning]) {
      for (const [match] of text.matchAll(piece)) pieces.add(match);
    }
  }
  if (general) for (const text of generalPieces()) pieces.add(text);
  return [...pieces].filter((text) => text.length > 1).sort();
}

/**
 * What families say again and again between the words that differ, sorted: ' degrees, the', or a whole half of a
 * question. As tokens they spare a policy most of a prompt (tokens across spaces: SuperBPE, arXiv 2503.13423). Names,
 * numbers and, in chains of thought, directions and letters stay tokens of their own: each of them is a thing to see or
 * to decide.
 */
export function buildPhrases(): string[] {
  const named = ` ?(?:${names})(?!\\p{L})|[0-9]+(?:\\.[0-9]+)?|(?<!\\p{L})[A-DPQ](?!\\p{L})`;
  const decided = `${named}|(?<!\\p{L}) ?(?:${DIRECTIONS.join('|')})(?!\\p{L})`;
  const [asked, reasoned] = [named, decided].map((pattern) => new RegExp(pattern, 'u'));
  const uses = new Map<string, number>();
  for (const { question, reasoning } of showroomQuestions()) {
    for (const [text, pattern] of [
      [question, asked],
      [reasoning, reasoned],
    ] as const) {
      // A space belongs to the word behind it.
      for (const phrase of text.split(pattern).map((part) => part.trimEnd())) {
        uses.set(phrase, (uses.get(phrase) ?? 0) + 1);
      }
    }
  }
  const moreThanAWord = /\p{L}.*[^\p{L}]|[^\p{L} ].*\p{L}/su;
  return [...uses.keys()].filter((phrase) => uses.get(phrase)! > 1 && moreThanAWord.test(phrase)).sort();
}

const categories = FURNITURE.map(({ category }) => category);
/** Longer names first: 'coffee table' before 'table'. */
const names = categories.toSorted((a, b) => b.length - a.length).join('|');

/** Longer ones first. */
const DIRECTIONS =
  'front-left front-right back-left back-right left right backward back forward ahead above below'.split(' ');

/** What all families ask of the showrooms. */
function showroomQuestions(): Question[] {
  return showrooms().flatMap((observation) =>
    families.flatMap((family) => family.ask(observation, stream(0, 'vocabulary', family.name))),
  );
}

/** Views made so that every family asks: stills and a video of a few categories once each, and two of one category. */
function showrooms(): Observation[] {
  const few = categories.slice(0, PLACES.length - 1);
  return [few, [few[0], ...few]].flatMap((shown) => {
    const room = showroom(shown);
    const mesh = roomMesh(room);
    const look = (eye: Vec3, target: Vec3, fieldOfView = Math.PI / 2) =>
      cameraLookingAt(eye, target, fieldOfView, 128, 128);
    const eye = [0, -0.5, 1.5] as const;
    // Forward, back, and to either side.
    const walk = [eye, [0, 0.5, 1.5], [-1, -0.5, 1.5], [1, -0.5, 1.5]] as const;
    // A narrow look at one piece after the other.
    const sweep = PLACES.map(([x, y, z]) => look(eye, [x, y, z + 0.5], 0.14));
    return [
      observe(room, mesh, look(eye, [0, 3, 1]), 128),
      video(
        room,
        walk.map(([x, y, z]) => look([x, y, z], [x, y + 3, 1])),
      ),
      video(room, sweep),
    ];
  });
}

/** The video of one frame each two seconds. */
function video(room: Room, cameras: readonly Camera[]): Observation {
  const timed = cameras.map((camera, index) => ({ camera, time: 2 * index }));
  return observeVideo(room, roomMesh(room), timed, 128);
}

/** Where things are before the camera: in a bow, one straight ahead, one behind that, and one high above another. */
const PLACES: readonly Vec3[] = [
  [-1.8, 1.6, 0],
  [-1.3, 2.8, 0],
  [0, 1.8, 0],
  [0.35, 3.2, 0],
  [1.5, 1.35, 1.7],
  [1.6, 1.2, 0],
  [1, 1, 0],
];

/** Boxes of the given categories, of different sizes. */
function showroom(categories: readonly string[]): Room {
  const objects = categories.map((category, index): SceneObject => {
    const [half, height] = [0.2 + 0.03 * index, 0.7 + 0.12 * index];
    const local = { min: [-half, -half, 0], max: [half, half, height] } as const;
    const position = PLACES[index];
    const mesh = new MeshBuilder().box(local.min, local.max, [0.5, 0.5, 0.5]).build(position, 0);
    return { id: index + 1, category, box: uprightBox(local, position, 0), support: 0, mesh };
  });
  const polygon = [
    [-4, -2],
    [4, -2],
    [4, 6],
    [-4, 6],
  ] as const;
  return { seed: 0, type: 'showroom', polygon, height: 3, area: 64, objects, shell: NO_MESH };
}

const NO_MESH = {
  positions: new Float32Array(0),
  normals: new Float32Array(0),
  colors: new Float32Array(0),
  indices: new Uint32Array(0),
};
