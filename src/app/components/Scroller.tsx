/**
 * What may be larger than its place: scrolls by wheel, touch and keys, and is named for those who do not see it.
 */
import { ScrollArea } from '@base-ui/react/scroll-area';
import type { ReactNode } from 'react';

interface Properties {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

export function Scroller({ label, className, children }: Properties) {
  return (
    <ScrollArea.Root className={className}>
      <ScrollArea.Viewport className="scroller" render={<section aria-label={label} />}>
        {children}
      </ScrollArea.Viewport>
    </ScrollArea.Root>
  );
}
