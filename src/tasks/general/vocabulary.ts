/** The words of the general families, found by letting every family ask, as the spatial vocabulary is. */
import { promptText } from '../contract';
import { generalSample } from './sample';
import { generalFamilies } from './registry';

const DIFFICULTIES = [0, 0.5, 1];
/** Enough for every name and property to come up with and without a leading space. */
const QUESTIONS = 80;

/**
 * Text pieces: words with and without their leading space, and signs with the spaces around them. They hold no
 * punctuation that spatial texts use, whose tokens they must not change.
 */
export function generalPieces(): Set<string> {
  const pieces = new Set<string>();
  for (const { name } of generalFamilies) {
    for (const difficulty of DIFFICULTIES) {
      for (let index = 0; index < QUESTIONS; index++) {
        const { question } = generalSample(0, index, name, difficulty);
        for (const text of [promptText(question), question.reasoning, question.answer]) {
          for (const [piece] of text.matchAll(/ [-+*/=<>] | ?\p{L}+/gu)) pieces.add(piece);
        }
      }
    }
  }
  return pieces;
}
