/** A failure in plain words, and a way on. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import type { Problem } from '../state/problem';
import { emit } from './emit';
import { alertIcon } from './icons';
import { shared } from './shared-styles';

export class PgProblem extends LitElement {
  static override properties = { problem: { attribute: false } };
  static override styles = [
    shared,
    css`
      div {
        display: grid;
        grid-template-columns: auto 1fr;
        align-items: start;
        gap: var(--space-1) var(--space-4);
        max-width: 40rem;
        margin: var(--space-5) auto;
        padding: var(--space-5);
        border-radius: var(--radius-l);
        background: var(--danger-wash);
      }
      .icon {
        margin-top: 0.1rem;
        width: 1.5rem;
        height: 1.5rem;
        grid-row: span 2;
        color: var(--danger);
      }
      h2 {
        font-size: var(--text-l);
        font-weight: 600;
        line-height: 1.35;
      }
      .button {
        grid-column: 2;
        justify-self: start;
        margin-top: var(--space-3);
      }
    `,
  ];

  declare problem: Problem;

  override render(): TemplateResult {
    return html`<div role="alert">
      ${alertIcon}
      <h2>${this.problem.title}</h2>
      <p>${this.problem.advice}</p>
      <button
        type="button"
        class="button"
        @click=${() => {
          emit(this, 'pg-retry');
        }}
      >
        Try again
      </button>
    </div>`;
  }
}

customElements.define('pg-problem', PgProblem);

declare global {
  interface HTMLElementTagNameMap {
    'pg-problem': PgProblem;
  }
}
