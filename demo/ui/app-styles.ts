import { css } from 'lit';

export const appStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 100dvh;
  }
  header {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-height: 4.5rem;
    padding: var(--space-4) var(--gutter);
  }
  h1 {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    margin-inline-end: auto;
    font: 500 1.375rem / 1 var(--serif);
    letter-spacing: -0.01em;
  }
  .mark {
    width: 2rem;
    height: 2rem;
  }
  .ask {
    position: sticky;
    z-index: 2;
    inset-block-start: 0;
    padding: var(--space-3) var(--gutter);
    pointer-events: none;
  }
  pg-search-box {
    pointer-events: auto;
    max-width: 45rem;
    margin: 0 auto;
  }
  pg-examples {
    width: 100%;
    max-width: 60rem;
    margin: 0 auto;
    padding: var(--space-1) var(--gutter);
  }
  footer {
    position: sticky;
    z-index: 2;
    inset-block-end: 0;
  }
  .skip {
    position: absolute;
    inset: var(--space-2) auto auto var(--space-2);
    z-index: 4;
  }
  .skip:not(:focus-visible) {
    clip-path: inset(50%);
    pointer-events: none;
  }
  @media (max-width: 44rem) {
    header {
      min-height: 4rem;
      padding-block: var(--space-3);
    }
    header .quiet {
      width: 2.5rem;
      padding: 0;
    }
    header .quiet span {
      position: absolute;
      clip-path: inset(50%);
    }
  }
`;
