/**
 * Name, one line on what this is, what it runs on, and the page's own switches.
 */
import { actions } from '../actions';
import { ActionButton } from './ActionButton';
import { BackendBadge } from './BackendBadge';

export function Header() {
  return (
    <header className="header">
      <svg className="logo" viewBox="0 0 32 32" fill="none" strokeWidth="2.5" strokeLinejoin="round" aria-hidden>
        <path className="logo-left" d="M13 6 22 11v10l-9 5-9-5V11z" />
        <path className="logo-right" d="M19 6 28 11v10l-9 5-9-5V11z" />
      </svg>
      <h1>Parallax</h1>
      <p className="tagline">
        A small vision-language policy learns to judge distance and size, by reinforcement, on your own GPU.
      </p>
      <div className="header-tools">
        <BackendBadge />
        <ActionButton action={actions.evaluation} />
        <ActionButton action={actions.shortcuts} variant="ghost" iconOnly />
        <ActionButton action={actions.theme} variant="ghost" iconOnly />
      </div>
    </header>
  );
}
