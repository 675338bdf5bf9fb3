/**
 * A term with its explanation, opened by pointing at it, by focus and Enter, or by touch.
 */
import { Popover } from '@base-ui/react/popover';
import { CircleHelp } from 'lucide-react';
import { glossary, type Term } from '../glossary';

export function Explain({ term }: { readonly term: Term }) {
  const { title, text } = glossary[term];
  return (
    <Popover.Root>
      <Popover.Trigger className="explain" openOnHover delay={150} aria-label={`What is ${title}?`}>
        <CircleHelp size={13} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} className="floating">
          <Popover.Popup className="card-popup">
            <Popover.Title className="card-title">{title}</Popover.Title>
            <Popover.Description className="card-text">{text}</Popover.Description>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
