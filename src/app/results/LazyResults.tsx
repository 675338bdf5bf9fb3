/** Loads the results view when it is first asked for, and keeps it from then on: closing it loses nothing. */
import { type ComponentType, useEffect, useState } from 'react';
import { useLab, useLabState } from '../lab-context';

export function LazyResults() {
  const { store } = useLab();
  const open = useLabState((state) => state.resultsOpen);
  const [View, setView] = useState<ComponentType | null>(null);
  useEffect(() => {
    if (!open || View) return;
    import('./ResultsView').then(
      ({ ResultsView }) => setView(() => ResultsView),
      (error: unknown) =>
        store.setState({
          resultsOpen: false,
          failure: {
            message: `The evaluation view could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
            remedy: 'Check the connection and open it again; the run goes on.',
            fatal: false,
          },
        }),
    );
  }, [open, View, store]);
  return View && <View />;
}
