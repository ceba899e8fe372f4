/** No photos yet, or none left: an invitation. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import { emit } from './emit';
import { shared } from './shared-styles';
import './pg-add';

export class PgEmpty extends LitElement {
  static override styles = [
    shared,
    css`
      div {
        display: grid;
        justify-items: center;
        gap: var(--space-4);
        max-width: 40rem;
        margin: var(--space-6) auto;
        padding: var(--space-8) var(--space-5);
        border: 2px dashed var(--line);
        border-radius: var(--radius-l);
        text-align: center;
      }
      h2 {
        font: 500 var(--text-xl) / 1.25 var(--serif);
        text-wrap: balance;
      }
      p {
        max-width: 30rem;
        color: var(--ink-soft);
        text-wrap: balance;
      }
      pg-add {
        justify-content: center;
        margin-top: var(--space-2);
      }
    `,
  ];

  override render(): TemplateResult {
    return html`<div>
      <h2>Drop photos or folders anywhere</h2>
      <p>
        They are looked at on this device and never uploaded. Photoglot keeps a small preview of
        each; your files stay where they are.
      </p>
      <pg-add></pg-add>
      <button
        type="button"
        class="button quiet"
        @click=${() => {
          emit(this, 'pg-add-samples');
        }}
      >
        Start with the sample photos
      </button>
    </div>`;
  }
}

customElements.define('pg-empty', PgEmpty);

declare global {
  interface HTMLElementTagNameMap {
    'pg-empty': PgEmpty;
  }
}
