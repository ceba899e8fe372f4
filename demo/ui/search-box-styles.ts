import { css } from 'lit';

export const searchBoxStyles = css`
  :host {
    display: block;
  }
  form {
    position: relative;
    display: flex;
    align-items: center;
    gap: var(--space-1);
    height: 3.5rem;
    padding: 0 var(--space-2) 0 var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface);
    box-shadow: var(--shadow);
    transition: border-color var(--quick);
  }
  form:hover {
    border-color: var(--line-strong);
  }
  form:focus-within:not(:has(.button:focus-visible, label :focus-visible)) {
    border-color: var(--accent);
    box-shadow:
      0 0 0 1px var(--accent),
      var(--shadow);
  }
  .lens {
    display: grid;
    color: var(--ink-soft);
  }
  .lens[data-busy] {
    color: var(--accent);
    animation: breathe 900ms ease-in-out 200ms infinite alternate;
  }
  @keyframes breathe {
    to {
      opacity: 0.35;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .lens[data-busy] {
      animation: none;
    }
  }
  input[type='search'] {
    flex: 1;
    min-width: 0;
    height: 100%;
    padding: 0 var(--space-2);
    border: 0;
    outline: 0;
    background: none;
    color: inherit;
    font: inherit;
    font-size: var(--text-l);
    text-overflow: ellipsis;
    appearance: none;
  }
  input[type='search']::-webkit-search-cancel-button {
    display: none;
  }
  @media (max-width: 44rem) {
    form {
      padding-inline-start: var(--space-3);
    }
    input[type='search'] {
      /* Below 16 px, phones zoom in on focus. */
      font-size: 1rem;
    }
  }
  input::placeholder {
    color: var(--ink-soft);
    opacity: 1;
  }
  kbd {
    display: grid;
    place-items: center;
    width: 1.5rem;
    height: 1.5rem;
    margin-inline-end: var(--space-2);
    border: 1px solid var(--line);
    border-radius: 0.375rem;
    color: var(--ink-soft);
    font: inherit;
    font-size: var(--text-s);
  }
  @media (hover: none) {
    kbd {
      display: none;
    }
  }
  label.button {
    position: relative;
    cursor: pointer;
  }
  label.button:has(:focus-visible) {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .token {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    flex: none;
    height: 2.5rem;
    margin-inline-start: var(--space-2);
    padding: 0 var(--space-3) 0 var(--space-1);
    border-radius: var(--radius-m);
    background: var(--accent-wash);
    font-size: var(--text-m);
    font-weight: 550;
  }
  @media (max-width: 44rem) {
    .token {
      padding: 0;
      background: none;
    }
    /* The heading above the results says the same. */
    .token span {
      position: absolute;
      clip-path: inset(50%);
    }
  }
  .token img {
    width: 2rem;
    height: 2rem;
    border-radius: var(--radius-s);
    object-fit: cover;
  }
  .drop-words {
    display: none;
    position: absolute;
    inset: -1px;
    place-items: center;
    border: 2px dashed var(--accent);
    border-radius: inherit;
    background: var(--accent-wash);
    color: var(--ink);
    font-weight: 600;
    pointer-events: none;
  }
  .over .drop-words {
    display: grid;
  }
`;
