/** The proof of a sample's truth: its evidence drawn, where its scene is known, and the true chain of thought. */
import type { ResultSample } from './evaluation';

export function SampleProof({ sample: { sample } }: { readonly sample: ResultSample }) {
  if (!sample) return null;
  return (
    <div className="results-completion">
      <h4>Why the truth is {sample.answer}</h4>
      <p>{sample.reasoning}</p>
    </div>
  );
}
