/**
 * The list of keys, made from the registry of actions.
 */
import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { actionList, keyName } from '../actions';
import { useLab, useLabState } from '../lab-context';

export function ShortcutsDialog() {
  const { store } = useLab();
  const open = useLabState((state) => state.shortcutsOpen);
  return (
    <Dialog.Root open={open} onOpenChange={(shortcutsOpen) => store.setState({ shortcutsOpen })}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <div className="dialog-head">
            <Dialog.Title className="card-title">Keyboard shortcuts</Dialog.Title>
            <Dialog.Close className="button button-ghost button-icon" aria-label="Close">
              <X size={16} aria-hidden />
            </Dialog.Close>
          </div>
          {(['Training', 'Download', 'Room', 'Page'] as const).map((group) => (
            <section key={group}>
              <h3>{group}</h3>
              <ShortcutList group={group} />
            </section>
          ))}
          <p className="card-text">
            In the room, arrows turn and + and − come closer and go back. A chart is one tab stop; arrows move along it.
          </p>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function ShortcutList({ group }: { readonly group: string }) {
  const state = useLabState((whole) => whole);
  return (
    <dl className="shortcuts">
      {actionList
        .filter((action) => action.group === group && action.keys.length > 0)
        .map((action) => (
          <div key={action.id}>
            <dt>{action.label(state)}</dt>
            <dd>
              {action.keys.map((key) => (
                <kbd key={key}>{keyName(key)}</kbd>
              ))}
            </dd>
          </div>
        ))}
    </dl>
  );
}
