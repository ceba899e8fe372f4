import { css } from 'lit';

export const dockStyles = css`
  section {
    position: fixed;
    z-index: 3;
    inset-block-end: calc(var(--footer, 2.5rem) + var(--space-3));
    inset-inline: var(--gutter);
    width: min(30rem, 100% - 2 * var(--gutter));
    margin-inline: auto;
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--raised);
    box-shadow: var(--shadow-high);
    overflow: hidden;
    /* Late, so that a model out of the cache passes unseen. */
    animation: rise var(--calm) ease-out 300ms both;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(0.75rem);
    }
  }
  .card {
    padding: var(--space-3) var(--space-4) var(--space-4);
  }
  .card + .card {
    border-top: 1px solid var(--line);
  }
  .summary {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    padding-block: var(--space-2);
  }
  .summary p {
    flex: 1;
    font-weight: 550;
  }
  .done {
    display: grid;
    color: var(--accent);
  }
  details.card {
    padding-block: 0;
  }
  summary {
    color: var(--danger);
    padding-block: var(--space-3);
    font-weight: 550;
    cursor: pointer;
  }
  details ul {
    display: grid;
    gap: var(--space-3);
    max-height: min(16rem, 40vh);
    padding-bottom: var(--space-4);
    overflow-y: auto;
  }
  .name,
  .reason {
    display: block;
    overflow-wrap: anywhere;
  }
  .reason {
    color: var(--ink-soft);
    font-size: var(--text-s);
  }
`;
