/**
 * What a policy that thinks before it answers finally says: the text between its answer tags, without the box around
 * it (M2-Reasoning's output contract). The benchmarks' parsers look at the beginning of a text and would find a thought.
 */

const ANSWER = /<answer>([^]*?)<\/answer>/;

/**
 * The answer in `completion`: inside its first answer tags, as the rewards read it, and there inside its last \boxed{}.
 * Without tags the whole text is the answer, but for a thought that was closed before it.
 */
export function finalAnswer(completion: string): string {
  const tagged = ANSWER.exec(completion)?.[1] ?? completion.slice(afterThought(completion));
  return (lastBoxed(tagged) ?? tagged).trim();
}

function afterThought(completion: string): number {
  const end = completion.lastIndexOf('</think>');
  return end < 0 ? 0 : end + '</think>'.length;
}

/** The content of the last \boxed{} whose braces close, or null. */
function lastBoxed(text: string): string | null {
  const open = '\\boxed{';
  const start = text.lastIndexOf(open);
  if (start < 0) return null;
  let depth = 1;
  for (let at = start + open.length; at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return text.slice(start + open.length, at);
  }
  return null;
}
