/** Asks before everything is removed. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import { countOf } from '../state/format';
import { dialogStyles } from './dialog-styles';
import { emit } from './emit';
import { shared } from './shared-styles';

export class PgConfirm extends LitElement {
  static override properties = { count: { type: Number } };
  static override styles = [
    shared,
    dialogStyles,
    css`
      dialog {
        width: min(26rem, 100% - 2 * var(--space-4));
        padding: var(--space-5);
      }
      h2 {
        font-size: var(--text-l);
        font-weight: 600;
      }
      p {
        margin-block: var(--space-2) var(--space-5);
        color: var(--ink-soft);
      }
      div {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: var(--space-2);
      }
    `,
  ];

  declare count: number;

  show(): void {
    this.#dialog?.showModal();
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" aria-describedby="advice" closedby="any">
      <h2 id="title">Remove all ${countOf(this.count, 'photo')}?</h2>
      <p id="advice">
        Photoglot forgets what it knows about them. The files themselves stay where they are.
      </p>
      <div>
        <button type="button" class="button" autofocus @click=${this.#close}>Keep them</button>
        <button type="button" class="button danger" @click=${this.#confirm}>Remove all</button>
      </div>
    </dialog>`;
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  readonly #close = (): void => {
    this.#dialog?.close();
  };

  readonly #confirm = (): void => {
    this.#close();
    emit(this, 'pg-clear-all');
  };
}

customElements.define('pg-confirm', PgConfirm);

declare global {
  interface HTMLElementTagNameMap {
    'pg-confirm': PgConfirm;
  }
}
