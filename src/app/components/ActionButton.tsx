/**
 * A button made from an action: label, icon, key, state.
 */
import { Tooltip } from '@base-ui/react/tooltip';
import type { LucideIcon } from 'lucide-react';
import { keyName, perform, type Action } from '../actions';
import { useLab, useLabState } from '../lab-context';

interface Properties {
  readonly action: Action;
  readonly variant?: 'primary' | 'plain' | 'ghost';
  /** Shows the icon alone; the label is its name and its tooltip. */
  readonly iconOnly?: boolean;
}

export function ActionButton({ action, variant = 'plain', iconOnly = false }: Properties) {
  const lab = useLab();
  const enabled = useLabState(action.enabled);
  const label = useLabState(action.label);
  const icon = useLabState(action.icon);
  const checked = useLabState((state) => action.checked?.(state));
  const key = action.keys.length > 0 ? keyName(action.keys[0]) : null;
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        render={
          <button
            type="button"
            className={`button button-${variant}${iconOnly ? ' button-icon' : ''}`}
            disabled={!enabled}
            aria-label={iconOnly ? label : undefined}
            aria-pressed={checked}
            aria-keyshortcuts={action.keys[0] === ' ' ? 'Space' : action.keys[0]}
            onClick={() => perform(action, lab)}
          />
        }
      >
        <Glyph icon={icon} />
        {!iconOnly && <span>{label}</span>}
      </Tooltip.Trigger>
      {(iconOnly || key) && (
        <Tooltip.Portal>
          <Tooltip.Positioner sideOffset={6} className="floating">
            <Tooltip.Popup className="tooltip">
              {label}
              {action.hint && <span className="muted">: {action.hint}</span>} {key && <kbd>{key}</kbd>}
            </Tooltip.Popup>
          </Tooltip.Positioner>
        </Tooltip.Portal>
      )}
    </Tooltip.Root>
  );
}

function Glyph({ icon: Icon }: { readonly icon: LucideIcon }) {
  return <Icon size={16} aria-hidden />;
}
