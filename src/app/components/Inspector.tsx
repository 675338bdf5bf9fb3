/**
 * What is known of the selected object: its true size, and how far it is from the camera and from its neighbours.
 */
import { X } from 'lucide-react';
import { formatMetres } from '../format';
import { useLab, useLabState } from '../lab-context';
import { trueSize } from '../object-size';

const NEIGHBOURS = 4;

export function Inspector() {
  const { client } = useLab();
  const object = useLabState((state) => state.room?.objects.find(({ id }) => id === state.selected));
  const objects = useLabState((state) => state.room?.objects);
  if (!object || !objects) return null;
  const size = trueSize(object.box);
  const neighbours = objects
    .filter(({ id }) => object.distances[id] !== undefined && id !== object.id)
    .toSorted((a, b) => object.distances[a.id] - object.distances[b.id])
    .slice(0, NEIGHBOURS);
  return (
    <aside className="inspector" aria-label="Selected object" aria-live="polite">
      <div className="inspector-head">
        <h3>
          {object.category} <span className="muted">#{object.id}</span>
        </h3>
        <button
          type="button"
          className="button button-ghost button-icon"
          aria-label="Clear selection"
          onClick={() => client.select(null)}
        >
          <X size={14} aria-hidden />
        </button>
      </div>
      <dl className="facts">
        <dt>L × W × H</dt>
        <dd>{`${size.length.toFixed(2)} × ${size.width.toFixed(2)} × ${size.height.toFixed(2)} m`}</dd>
        <dt>Longest side</dt>
        <dd>{formatMetres(size.longest)}</dd>
        <dt>To the camera</dt>
        <dd>
          {formatMetres(object.distanceToCamera)}
          {!object.visible && <span className="muted"> (out of its sight)</span>}
        </dd>
      </dl>
      {neighbours.length > 0 && (
        <>
          <h4>Nearest</h4>
          <ul className="neighbours">
            {neighbours.map((other) => (
              <li key={other.id}>
                <button
                  type="button"
                  onClick={() => client.select(other.id)}
                  onPointerEnter={() => client.hover(other.id)}
                  onPointerLeave={() => client.hover(null)}
                >
                  <span>{other.category}</span>
                  <span className="number">{formatMetres(object.distances[other.id])}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
