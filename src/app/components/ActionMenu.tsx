/**
 * A menu made from actions.
 */
import { Menu } from '@base-ui/react/menu';
import { ChevronDown } from 'lucide-react';
import { keyName, perform, type Action } from '../actions';
import { useLab, useLabState } from '../lab-context';

interface Properties {
  readonly label: string;
  readonly actions: readonly Action[];
}

export function ActionMenu({ label, actions }: Properties) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className="button button-plain">
        {label} <ChevronDown size={14} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="floating">
          <Menu.Popup className="menu">
            {actions.map((action) => (
              <ActionItem key={action.id} action={action} />
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function ActionItem({ action }: { readonly action: Action }) {
  const lab = useLab();
  const enabled = useLabState(action.enabled);
  const label = useLabState(action.label);
  return (
    <Menu.Item className="menu-item" disabled={!enabled} onClick={() => perform(action, lab)}>
      <span>{label}</span>
      {action.keys.length > 0 && <kbd>{keyName(action.keys[0])}</kbd>}
    </Menu.Item>
  );
}
