/**
 * VSI-Bench's own parser (thinking-in-space, `fuzzy_matching`): the text up to the first space, without the full stops at
 * its end. A text that begins with a space is thus empty, and 'A.' before a line feed keeps its stop.
 */
import { pythonStrip } from './python-text';

export function vsiAnswer(prediction: string): string {
  const [first] = prediction.split(' ', 1);
  return pythonStrip(first.replace(/\.+$/, ''));
}
