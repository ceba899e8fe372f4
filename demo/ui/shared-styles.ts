/** What all components have in common: box model, buttons, focus, hidden words. */
import { css } from 'lit';

export const shared = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  p,
  ul,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  ul {
    list-style: none;
  }
  .icon {
    width: 1.25rem;
    height: 1.25rem;
    flex: none;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  button {
    font: inherit;
    color: inherit;
    margin: 0;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    min-height: 2.5rem;
    padding: 0 var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius-full);
    background: var(--surface);
    font-weight: 550;
    white-space: nowrap;
    transition:
      background var(--quick),
      border-color var(--quick);
  }
  .button:hover {
    border-color: var(--line-strong);
  }
  .button.primary {
    border-color: transparent;
    background: var(--accent);
    color: var(--on-accent);
  }
  .button.primary:hover {
    background: var(--accent-hover);
  }
  .button.danger {
    border-color: transparent;
    background: var(--danger);
    color: var(--paper);
  }
  .button.quiet {
    border-color: transparent;
    background: none;
    color: var(--ink-soft);
  }
  .button.quiet:hover {
    background: var(--sunken);
    color: var(--ink);
  }
  .button.square {
    width: 2.5rem;
    padding: 0;
  }
  .button:disabled {
    opacity: 0.5;
    cursor: default;
  }
`;
