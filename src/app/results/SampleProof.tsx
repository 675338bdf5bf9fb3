/** The proof of a sample's truth: its evidence drawn, where its scene is known, and the true chain of thought. */
import { useEffect, useState } from 'react';
import { ProofView } from '../components/ProofView';
import { proofOf } from '../proof/proof';
import type { ResultSample } from './evaluation';
import { sampleScene, type SampleScene } from './sample-scene';

export function SampleProof({ sample: { sample, scene } }: { readonly sample: ResultSample }) {
  const [shown, setShown] = useState<SampleScene | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (!sample || !scene) return;
    let current = true;
    sampleScene(sample, scene)
      .then((found) => {
        // Evidence that does not fit its scene is found here, not while drawing.
        if (found) proofOf(sample, found.room, found.frames);
        if (current) setShown(found);
      })
      .catch((error: unknown) => current && setProblem(error instanceof Error ? error.message : String(error)));
    return () => {
      current = false;
    };
  }, [sample, scene]);
  if (!sample) return null;
  return (
    <div className="results-completion">
      <h4>Why the truth is {sample.answer}</h4>
      {sample.reasoning && <p>{sample.reasoning}</p>}
      {shown && <ProofView question={sample} {...shown} />}
      {problem && <p className="bad">The proof cannot be drawn ({problem}): open the folder as it was written.</p>}
    </div>
  );
}
