/** Examples as chips: proof by one click that any language will do. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import { emit } from './emit';
import { EXAMPLES, type Example } from './examples';
import { shared } from './shared-styles';

export class PgExamples extends LitElement {
  static override properties = { current: { type: String } };
  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: var(--space-2);
      }
      button {
        position: relative;
        display: inline-flex;
        align-items: center;
        min-height: 2.125rem;
        padding: 0 var(--space-3);
        border: 1px solid var(--line);
        border-radius: var(--radius-full);
        background: none;
        color: var(--ink-soft);
        font-size: 0.875rem;
        white-space: nowrap;
        transition:
          color var(--quick),
          border-color var(--quick),
          background var(--quick);
      }
      button:hover {
        border-color: var(--line-strong);
        color: var(--ink);
      }
      button[aria-pressed='true'] {
        border-color: transparent;
        background: var(--accent-wash);
        color: var(--ink);
      }
      @media (max-width: 44rem) {
        ul {
          flex-wrap: nowrap;
          justify-content: flex-start;
          margin: 0 calc(-1 * var(--gutter));
          padding: 2px var(--gutter);
          overflow-x: auto;
          scrollbar-width: none;
        }
        button {
          min-height: 2.5rem;
        }
      }
    `,
  ];

  /** The text that is searched for. */
  declare current: string;

  constructor() {
    super();
    this.current = '';
  }

  override render(): TemplateResult {
    return html`<section aria-label="Examples in several languages">
      <ul>
        ${EXAMPLES.map((example) => this.#chip(example))}
      </ul>
    </section>`;
  }

  #chip({ text, lang, language, meaning }: Example): TemplateResult {
    return html`<li>
      <button
        type="button"
        title="${language}: ${meaning}"
        aria-pressed=${this.current === text ? 'true' : 'false'}
        @click=${() => {
          emit(this, 'pg-ask', text);
        }}
      >
        <span lang=${lang} dir="auto">${text}</span>
        <span class="unseen">, ${language}: ${meaning}</span>
      </button>
    </li>`;
  }
}

customElements.define('pg-examples', PgExamples);

declare global {
  interface HTMLElementTagNameMap {
    'pg-examples': PgExamples;
  }
}
