/**
 * The validator's verdict on the room, and the furniture that found no place in it.
 */
import type { RoomSummary } from '../../lab/protocol';

export function RoomVerdict({ room }: { readonly room: RoomSummary }) {
  return (
    <div className="verdict">
      {room.problems.length === 0 ? (
        <p>
          <strong className="good">Passes.</strong> Nothing floats, nothing interpenetrates, everything is inside the
          walls and of believable size.
        </p>
      ) : (
        <>
          <p>
            <strong className="bad">
              {room.problems.length} {room.problems.length === 1 ? 'problem' : 'problems'}.
            </strong>
          </p>
          <ul>
            {room.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </>
      )}
      {room.rejected.length > 0 && (
        <>
          <h3>Furniture that found no place</h3>
          <ul>
            {room.rejected.map(({ category, reason }, index) => (
              <li key={index}>
                {category}: <span className="muted">{reason}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
