import { css } from 'lit';

export const dialogStyles = css`
  dialog {
    max-width: none;
    max-height: none;
    margin: auto;
    padding: 0;
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--raised);
    color: var(--ink);
    box-shadow: var(--shadow-high);
  }
  dialog[open] {
    animation: come var(--calm) ease-out;
  }
  dialog::backdrop {
    background: var(--scrim);
  }
  @keyframes come {
    from {
      opacity: 0;
      transform: translateY(0.5rem);
    }
  }
`;
