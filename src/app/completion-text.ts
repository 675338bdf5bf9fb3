/**
 * A completion in its parts, for reading: the thought, the answer, the tags around them, and whatever else was said.
 */
export interface CompletionPart {
  readonly kind: 'think' | 'answer' | 'tag' | 'other';
  readonly text: string;
}

/** Splits at the contract's tags. Nothing is lost: the parts joined are the text. Unclosed tags hold to the end. */
export function splitCompletion(text: string): CompletionPart[] {
  const parts: CompletionPart[] = [];
  let kind: CompletionPart['kind'] = 'other';
  for (const piece of text.split(/(<\/?(?:think|answer)>)/)) {
    if (/^<\/?(?:think|answer)>$/.test(piece)) {
      parts.push({ kind: 'tag', text: piece });
      kind = piece === '<think>' ? 'think' : piece === '<answer>' ? 'answer' : 'other';
    } else if (piece !== '') parts.push({ kind, text: piece });
  }
  return parts;
}
