/**
 * What the colours of the depth and distance channels stand for: the ramp with the metres at its ends, which change as the
 * room is turned.
 */
import { useLabState } from '../lab-context';

export function DepthScale() {
  const range = useLabState((state) => state.depthRange);
  const channel = useLabState((state) => state.channel);
  if (range === null || (channel !== 'depth' && channel !== 'distance')) return null;
  const [nearest, farthest] = range.map((metres) => `${metres.toFixed(1)} m`);
  return (
    <p className="depth-scale">
      <span className="visually-hidden">From pale, </span>
      <span className="figure">{nearest}</span>
      <span className="depth-ramp" />
      <span className="visually-hidden">, to dark, </span>
      <span className="figure">{farthest}</span>
    </p>
  );
}
