/** The two ways to pick photos; dropping them anywhere is the third. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import { filesOfInput, picturesOf } from '../state/file-intake';
import { emit } from './emit';
import { addIcon, folderIcon } from './icons';
import { shared } from './shared-styles';

export class PgAdd extends LitElement {
  static override properties = { compact: { type: Boolean } };
  static override styles = [
    shared,
    css`
      :host {
        display: inline-flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
      label {
        position: relative;
        cursor: pointer;
      }
      label:has(:focus-visible) {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
      @media (max-width: 44rem) {
        .compact {
          width: 2.5rem;
          padding: 0;
        }
        .compact span {
          display: none;
        }
      }
    `,
  ];

  /** Icons alone on a narrow screen. */
  declare compact: boolean;

  constructor() {
    super();
    this.compact = false;
  }

  override render(): TemplateResult {
    const size = this.compact ? 'compact' : '';
    return html`
      <label class="button primary ${size}" title="Add photos">
        ${addIcon}<span>Add photos</span>
        <input
          class="unseen"
          type="file"
          accept="image/*"
          multiple
          aria-label="Add photos"
          @change=${this.#files}
        />
      </label>
      <label class="button ${size}" title="Add a folder">
        ${folderIcon}<span>Add a folder</span>
        <input
          class="unseen"
          type="file"
          webkitdirectory
          aria-label="Add a folder"
          @change=${this.#folder}
        />
      </label>
    `;
  }

  readonly #files = (event: Event): void => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    emit(this, 'pg-add-files', filesOfInput(input));
    input.value = '';
  };

  readonly #folder = (event: Event): void => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    emit(this, 'pg-add-files', picturesOf(filesOfInput(input)));
    input.value = '';
  };
}

customElements.define('pg-add', PgAdd);

declare global {
  interface HTMLElementTagNameMap {
    'pg-add': PgAdd;
  }
}
