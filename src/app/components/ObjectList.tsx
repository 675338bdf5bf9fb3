/**
 * Every object of the room; pointing at one marks it in the view, a click inspects it.
 */
import type { ObjectSummary } from '../../lab/protocol';
import { formatMetres } from '../format';
import { useLab, useLabState } from '../lab-context';
import { trueSize } from '../object-size';

export function ObjectList({ objects }: { readonly objects: readonly ObjectSummary[] }) {
  const { client } = useLab();
  const selected = useLabState((state) => state.selected);
  return (
    <>
      <p className="objects-note muted">Longest sides. Point at an object to mark it in the view; click it for more.</p>
      <ul className="objects" aria-label="Objects in the room">
        {objects.map((object) => (
          <li key={object.id}>
            <button
              type="button"
              aria-pressed={object.id === selected}
              onClick={() => client.select(object.id === selected ? null : object.id)}
              onPointerEnter={() => client.hover(object.id)}
              onPointerLeave={() => client.hover(null)}
              onFocus={() => client.hover(object.id)}
              onBlur={() => client.hover(null)}
            >
              <span>{object.category}</span>
              {!object.visible && <span className="muted">out of sight</span>}
              <span className="number">{formatMetres(trueSize(object.box).longest)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
