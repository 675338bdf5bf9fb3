/**
 * CV-Bench's parser: a letter at the start, in brackets or not, in either case. It is generous: 'The first one' is T, and
 * 'chair' is C.
 */
import { PYTHON_SPACE, pythonStrip } from './python-text';

/** Without regard to case Python takes the dotless i for I and the long s for S as well. */
const LETTER = new RegExp(`^[(${PYTHON_SPACE}]*([A-Z\u0131\u017f])`, 'i');

/** The capital letter of a choice, or null where the text does not begin with one. */
export function cvLetter(prediction: string): string | null {
  return LETTER.exec(pythonStrip(prediction))?.[1].toUpperCase() ?? null;
}

/** The letter of a ground truth as the benchmark writes it, '(B)', or as a bare 'B'. */
export function cvTruth(groundTruth: string): string {
  return groundTruth.replace(/^[()]+|[()]+$/g, '');
}
