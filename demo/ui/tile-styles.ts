import { css } from 'lit';

export const tileStyles = css`
  :host {
    position: relative;
    display: block;
    aspect-ratio: 1;
  }
  .open {
    display: block;
    position: relative;
    width: 100%;
    height: 100%;
    padding: 0;
    border: 0;
    border-radius: var(--radius-m);
    background: var(--sunken);
    overflow: hidden;
  }
  img {
    display: block;
    width: 100%;
    height: 100%;
    object-fit: cover;
    transition: transform var(--calm) ease-out;
  }
  .fresh {
    animation: appear var(--calm) ease-out;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  .broken {
    display: grid;
    place-items: center;
    height: 100%;
    color: var(--ink-soft);
    font-size: var(--text-s);
  }
  .name {
    position: absolute;
    inset: auto 0 0;
    padding: var(--space-6) var(--space-3) var(--space-2);
    background: linear-gradient(transparent, rgb(0 0 0 / 0.72));
    color: #fff;
    font-size: var(--text-s);
    text-align: start;
    text-overflow: ellipsis;
    white-space: nowrap;
    overflow: hidden;
    opacity: 0;
    transition: opacity var(--quick);
  }
  .score {
    position: absolute;
    inset: var(--space-2) auto auto var(--space-2);
    padding: 0 var(--space-2);
    border-radius: var(--radius-full);
    background: rgb(20 18 15 / 0.72);
    color: #fff;
    font-size: 0.75rem;
    font-weight: 550;
    font-variant-numeric: tabular-nums;
    line-height: 1.375rem;
  }
  .alike {
    position: absolute;
    inset: var(--space-2) var(--space-2) auto auto;
    display: grid;
    place-items: center;
    width: 2.125rem;
    height: 2.125rem;
    padding: 0;
    border: 0;
    border-radius: var(--radius-full);
    background: rgb(20 18 15 / 0.72);
    color: #fff;
    opacity: 0;
    transition: opacity var(--quick);
  }
  .alike:hover {
    background: rgb(20 18 15 / 0.9);
  }
  .alike .icon {
    width: 1.125rem;
    height: 1.125rem;
  }
  :host(:hover) :is(.name, .alike),
  :host(:focus-within) :is(.name, .alike) {
    opacity: 1;
  }
  .open:focus-visible,
  .alike:focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  /* Fingers find it in the large view, where it hides no picture. */
  @media (hover: none) {
    .alike {
      display: none;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .open:hover img {
      transform: scale(1.03);
    }
  }
`;
