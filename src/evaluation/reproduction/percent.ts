/** Shares as the experiment's report writes them. */

/** In percent, to a tenth. */
export function percent(share: number): string {
  return (100 * share).toFixed(1);
}

/** In percent with a sign, for differences: a plus, or a true minus; none where it rounds to 0. */
export function signedPercent(share: number): string {
  const text = percent(Math.abs(share));
  if (Number(text) === 0) return text;
  return `${share < 0 ? '\u2212' : '+'}${text}`;
}
