/**
 * The words that a policy must be able to read and write: those that the question families use, found by letting every
 * family ask, plus all categories of furniture. What a family says is thus in the vocabulary without a second list.
 */
import { stream } from '../random';
import { cameraLookingAt } from '../scenes/camera';
import { FURNITURE } from '../scenes/furniture/registry';
import { uprightBox } from '../scenes/geometry';
import type { Room, SceneObject } from '../scenes/scene';
import { promptText } from './contract';
import type { Observation } from './family';
import { families } from './registry';

/**
 * Text pieces, sorted: words with and without their leading space, whole categories ('trash bin'), and the heads of
 * option lines. The same code gives the same list. Single characters are left to the tokenizer.
 */
export function buildVocabulary(): string[] {
  const categories = FURNITURE.map(({ category }) => category);
  // Longer names first: 'coffee table' before 'table'.
  const names = categories.toSorted((a, b) => b.length - a.length).join('|');
  const piece = new RegExp(`\\n\\p{L}+[:.]| ?(?:${names})(?!\\p{L})| ?\\p{L}+| \\(`, 'gu');
  const pieces = new Set(categories.flatMap((category) => [category, ` ${category}`]));
  for (const observation of showrooms(categories)) {
    for (const family of families) {
      for (const question of family.ask(observation, stream(0, 'vocabulary', family.name))) {
        for (const text of [promptText(question), question.reasoning]) {
          for (const [match] of text.matchAll(piece)) pieces.add(match);
        }
      }
    }
  }
  return [...pieces].filter((text) => text.length > 1).sort();
}

/** Rooms made so that every family asks: a few categories once each, and two of one category among them. */
function showrooms(categories: readonly string[]): Observation[] {
  const few = categories.slice(0, 6);
  return [showroom(few), showroom([few[0], ...few])];
}

/** Boxes of the given categories in a row before a camera, all in view; spacings grow, so that distances differ. */
function showroom(categories: readonly string[]): Observation {
  const middle = Math.floor(categories.length / 2);
  const objects = categories.map((category, index): SceneObject => {
    const side = index - middle;
    const along = Math.sign(side) * (Math.abs(side) + 0.2 * side * side) + (side < 0 ? 0.1 : 0);
    return {
      id: index + 1,
      category,
      box: uprightBox({ min: [-0.2, -0.2, 0], max: [0.2, 0.2, 0.9] }, [along, 3, 0], 0),
      support: 0,
      mesh: NO_MESH,
    };
  });
  const room: Room = { seed: 0, type: 'showroom', polygon: [], height: 3, area: 30, objects, shell: NO_MESH };
  const camera = cameraLookingAt([0, 0, 1.5], [0, 3, 1.5], Math.PI / 2, 64, 64);
  const visible = objects.map(({ id }) => ({ object: id, pixels: 64 * 64, bbox: [0, 0, 64, 64] as const }));
  return { room, camera, visible };
}

const NO_MESH = {
  positions: new Float32Array(0),
  normals: new Float32Array(0),
  colors: new Float32Array(0),
  indices: new Uint32Array(0),
};
