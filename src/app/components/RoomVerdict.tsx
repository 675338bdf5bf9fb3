/**
 * The validator's verdict on the room: what was checked, what was found, which draws of the seed were thrown away before
 * this one, and the furniture that found no place in it.
 */
import type { RoomSummary } from '../../lab/protocol';
import { groupBy } from '../../group-by';

/** What the inspection asks of a room. */
const CHECKS = [
  ['Support', 'everything stands on the floor or on what carries it, within 1 mm'],
  ['Penetration', 'no two boxes overlap by more than 1 mm'],
  ['Plan and ceiling', 'everything is inside the walls and below the ceiling'],
  ['Reachability', 'whoever comes in by the door can walk up to every piece'],
  ['Clearance', 'there is room to stand before what is used from its front'],
  ['Visibility', 'every object can be seen from where one can stand'],
] as const;

export function RoomVerdict({ room }: { readonly room: RoomSummary }) {
  const { problems, discarded, rejected } = room;
  return (
    <div className="verdict">
      <p>
        {problems.length === 0 ? (
          <>
            <strong className="good">Passes</strong> all that was checked.
          </>
        ) : (
          <strong className="bad">{counted(problems.length, 'problem')}</strong>
        )}
      </p>
      {problems.length > 0 && <Sentences all={problems} />}
      <dl className="facts">
        {CHECKS.map(([name, what]) => (
          <div key={name} className="check-line">
            <dt>{name}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      {discarded.length > 0 && (
        <>
          <h3>Thrown away before it: {counted(discarded.length, 'draw')} of this seed</h3>
          <ol className="draws">
            {discarded.map((faults, index) => (
              <li key={index}>
                <Sentences all={faults} />
              </li>
            ))}
          </ol>
        </>
      )}
      <h3>Furniture that found no place</h3>
      {rejected.length === 0 ? (
        <p className="muted">None: all that was wanted is in the room.</p>
      ) : (
        <ul>
          {[...groupBy(rejected, ({ category, reason }) => `${category}: ${reason}`)].map(([key, alike]) => (
            <li key={key}>
              {alike[0].category}
              {alike.length > 1 && ` × ${alike.length}`}: <span className="muted">{alike[0].reason}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Sentences({ all }: { readonly all: readonly string[] }) {
  return (
    <ul>
      {all.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
