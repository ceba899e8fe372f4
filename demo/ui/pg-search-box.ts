/** The one box: words in any language, a picture to compare with, or a photo of the library. */
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import type { ActiveQuery } from '../state/app-state';
import { filesOfDrop, holdsFiles } from '../state/file-intake';
import { emit } from './emit';
import { closeIcon, pictureIcon, searchIcon } from './icons';
import { searchBoxStyles } from './search-box-styles';
import { shared } from './shared-styles';

export class PgSearchBox extends LitElement {
  static override properties = {
    query: { attribute: false },
    pictureUrl: { attribute: false },
    busy: { type: Boolean },
    over: { state: true },
  };
  static override styles = [shared, searchBoxStyles];

  declare query: ActiveQuery | null;
  /** Of the picture that others should resemble, when the query is one. */
  declare pictureUrl: string | null;
  /** Whether an answer is on its way. */
  declare busy: boolean;
  /** Whether a file is dragged over the box. */
  declare over: boolean;

  constructor() {
    super();
    this.query = null;
    this.pictureUrl = null;
    this.busy = false;
    this.over = false;
  }

  override focus(): void {
    this.#input?.focus();
    this.#input?.select();
  }

  override render(): TemplateResult {
    const text = this.query?.kind === 'text' ? this.query.text : '';
    const byPicture = this.query !== null && this.query.kind !== 'text';
    return html`
      <form
        role="search"
        class=${this.over ? 'over' : ''}
        @submit=${this.#submit}
        @dragover=${this.#dragOver}
        @dragleave=${() => (this.over = false)}
        @drop=${this.#drop}
      >
        <span class="lens" ?data-busy=${this.busy}>${searchIcon}</span>
        ${byPicture ? this.#picture() : nothing}
        <input
          type="search"
          dir="auto"
          autocomplete="off"
          spellcheck="false"
          enterkeyhint="search"
          aria-label="Search your photos in any language"
          aria-keyshortcuts="/"
          placeholder=${byPicture ? 'or type…' : 'Describe a photo, in any language'}
          .value=${text}
          @input=${this.#type}
          @keydown=${this.#key}
        />
        ${
          this.query === null
            ? html`<kbd aria-hidden="true">/</kbd>`
            : html`<button
                type="button"
                class="button quiet square"
                aria-label="Clear the search"
                title="Clear the search (Esc)"
                @click=${this.#clear}
              >
                ${closeIcon}
              </button>`
        }
        <label class="button quiet square" title="Search with a picture">
          ${pictureIcon}
          <input
            class="unseen"
            type="file"
            accept="image/*"
            aria-label="Search with a picture"
            @change=${this.#pick}
          />
        </label>
        <span class="drop-words" aria-hidden="true">Drop to find photos like it</span>
      </form>
    `;
  }

  get #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input[type="search"]');
  }

  #picture(): TemplateResult {
    return html`<span class="token">
      ${this.pictureUrl === null ? nothing : html`<img src=${this.pictureUrl} alt="" />`}
      <span>Like this picture</span>
    </span>`;
  }

  readonly #type = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) emit(this, 'pg-type', event.target.value);
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    if (this.#input !== null && this.#input.value.trim() !== '') {
      emit(this, 'pg-ask', this.#input.value);
    }
  };

  readonly #key = (event: KeyboardEvent): void => {
    // Escape, and Backspace before the first letter, take the query away.
    const erases = event.key === 'Backspace' && this.#input?.value === '' && this.query !== null;
    if (event.key !== 'Escape' && !erases) return;
    event.preventDefault();
    this.#clear();
  };

  readonly #clear = (): void => {
    if (this.#input !== null) this.#input.value = '';
    emit(this, 'pg-clear-search');
    this.#input?.focus();
  };

  readonly #pick = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    const file = event.target.files?.[0];
    event.target.value = '';
    if (file !== undefined) emit(this, 'pg-search-picture', file);
  };

  readonly #dragOver = (event: DragEvent): void => {
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    this.over = true;
  };

  readonly #drop = (event: DragEvent): void => {
    this.over = false;
    if (!holdsFiles(event.dataTransfer)) return;
    // Handled here: the page must not add it to the library.
    event.preventDefault();
    void filesOfDrop(event.dataTransfer).then(([file]) => {
      if (file !== undefined) emit(this, 'pg-search-picture', file);
    });
  };
}

customElements.define('pg-search-box', PgSearchBox);

declare global {
  interface HTMLElementTagNameMap {
    'pg-search-box': PgSearchBox;
  }
}
