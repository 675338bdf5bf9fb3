/**
 * The chosen theme: 'auto' leaves it to the system. Remembered in the browser.
 */
import type { LabStore, Theme } from './store';

const KEY = 'parallax-theme';

function isTheme(value: string | null): value is Theme {
  return value === 'auto' || value === 'light' || value === 'dark';
}

/** The remembered theme, or 'auto'. */
export function storedTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return isTheme(stored) ? stored : 'auto';
}

/** Puts the store's theme on the page, now and whenever it changes. */
export function applyTheme(store: LabStore): () => void {
  const apply = (theme: Theme) => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    localStorage.setItem(KEY, theme);
  };
  apply(store.getState().theme);
  return store.subscribe((state) => state.theme, apply);
}
