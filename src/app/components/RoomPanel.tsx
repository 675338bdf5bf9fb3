/**
 * The room: the view with its channels, the seed, and what was picked.
 */
import { type FormEvent, useState } from 'react';
import { actions, channelActions } from '../actions';
import { useLab, useLabState } from '../lab-context';
import { PANELS } from '../loop';
import { MAX_SEED } from '../url';
import { ActionButton } from './ActionButton';
import { DepthScale } from './DepthScale';
import { Inspector } from './Inspector';
import { RoomView } from './RoomView';

export function RoomPanel() {
  const seed = useLabState((state) => state.roomSeed);
  const generation = useLabState((state) => state.generation);
  const open = useLabState((state) => state.connection === 'open');
  const room = useLabState((state) => state.room);
  const waiting = useLabState((state) => state.room?.seed !== state.roomSeed);
  return (
    <section className="panel" id={PANELS.room} tabIndex={-1} aria-labelledby="room-title">
      <div className="panel-head">
        <h2 id="room-title">Room</h2>
        <span className="panel-note">
          {room && !waiting ? (
            <>
              {room.type}, <span className="figure">{room.area.toFixed(1)} m²</span>,{' '}
              <span className="figure">{room.objects.length} objects</span>
            </>
          ) : open ? (
            'synthesizing…'
          ) : (
            'waiting for the device…'
          )}
        </span>
        <SeedField key={seed} seed={seed} />
        <ActionButton action={actions.bringObject} iconOnly />
        <ActionButton action={actions.newRoom} />
      </div>
      <div className="stage-frame">
        <div className="stage">
          {open && <RoomView key={generation} />}
          <fieldset className="segmented stage-channels" aria-label="Channel">
            {channelActions.map((action) => (
              <ActionButton key={action.id} action={action} variant="ghost" />
            ))}
          </fieldset>
          <fieldset className="segmented stage-viewpoints" aria-label="Viewpoint">
            <ActionButton action={actions.roomView} variant="ghost" />
            <ActionButton action={actions.policyView} variant="ghost" />
          </fieldset>
          <DepthScale />
        </div>
        <Inspector />
      </div>
    </section>
  );
}

/** The seed as it is typed; it is shown on Enter or when the field is left. */
function SeedField({ seed }: { readonly seed: number }) {
  const { client } = useLab();
  const open = useLabState((state) => state.connection === 'open');
  const [text, setText] = useState(String(seed));
  const valid = /^\d{1,10}$/.test(text) && Number(text) <= MAX_SEED;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (valid && Number(text) !== seed) client.showRoom(Number(text));
  };
  return (
    <form className="seed" onSubmit={submit}>
      <label htmlFor="room-seed">Seed</label>
      <input
        id="room-seed"
        className="input"
        inputMode="numeric"
        autoComplete="off"
        value={text}
        disabled={!open}
        aria-invalid={!valid}
        title={valid ? undefined : `A whole number from 0 to ${MAX_SEED}`}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => (valid ? submit() : setText(String(seed)))}
      />
    </form>
  );
}
