import { css } from 'lit';

export const photoDialogStyles = css`
  dialog {
    width: min(72rem, 100% - 2 * var(--space-5));
    height: min(46rem, 100dvh - 2 * var(--space-5));
    overflow: hidden;
  }
  dialog[open] {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 22rem;
  }
  .stage {
    position: relative;
    display: grid;
    min-height: 0;
    background: var(--sunken);
  }
  .stage img {
    position: absolute;
    width: 100%;
    height: 100%;
    object-fit: contain;
  }
  .neighbour {
    position: absolute;
    inset-block: 0;
    margin-block: auto;
    display: grid;
    place-items: center;
    width: 2.75rem;
    height: 2.75rem;
    padding: 0;
    border: 0;
    border-radius: var(--radius-full);
    background: rgb(20 18 15 / 0.6);
    color: #fff;
    transition: background var(--quick);
  }
  .neighbour:hover {
    background: rgb(20 18 15 / 0.85);
  }
  .before {
    inset-inline-start: var(--space-3);
  }
  .after {
    inset-inline-end: var(--space-3);
  }
  .facts {
    display: flex;
    flex-direction: column;
    gap: var(--space-5);
    padding: var(--space-5);
    overflow-y: auto;
  }
  h2 {
    padding-inline-end: var(--space-6);
    font: 500 var(--text-xl) / 1.3 var(--serif);
    overflow-wrap: anywhere;
  }
  dl {
    display: grid;
    gap: var(--space-3);
  }
  dt {
    color: var(--ink-soft);
    font-size: var(--text-s);
  }
  dd {
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.15em;
  }
  .note {
    color: var(--ink-soft);
    font-size: var(--text-s);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    margin-top: auto;
  }
  .close {
    position: absolute;
    inset: var(--space-3) var(--space-3) auto auto;
  }
  @media (max-width: 44rem) {
    dialog {
      width: 100%;
      height: 100dvh;
      border: 0;
      border-radius: 0;
    }
    dialog[open] {
      grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    }
    .facts {
      max-height: 50dvh;
      gap: var(--space-4);
      padding-bottom: calc(var(--space-5) + env(safe-area-inset-bottom));
    }
    h2 {
      padding: 0;
      font-size: var(--text-l);
    }
    dl {
      grid-template-columns: 1fr 1fr;
    }
    .button.quiet.close {
      background: rgb(20 18 15 / 0.6);
      color: #fff;
    }
  }
`;
