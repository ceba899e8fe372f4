/** A photo seen large, with what is known about it. Arrow keys lead to its neighbours. */
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { bytes, score } from '../state/format';
import type { Credit, Photo } from '../state/photo';
import type { Thumbnails } from '../state/thumbnails';
import { dialogStyles } from './dialog-styles';
import { emit } from './emit';
import { LargePicture } from './large-picture';
import { afterIcon, alikeIcon, beforeIcon, closeIcon, trashIcon } from './icons';
import { photoDialogStyles } from './photo-dialog-styles';
import { shared } from './shared-styles';

export class PgPhotoDialog extends LitElement {
  static override properties = {
    photo: { attribute: false },
    original: { attribute: false },
    previous: { attribute: false },
    next: { attribute: false },
    thumbnails: { attribute: false },
  };
  static override styles = [shared, dialogStyles, photoDialogStyles];

  /** Null: closed. */
  declare photo: Photo | null;
  /** The picture itself, if it is at hand. */
  declare original: File | string | null;
  /** Ids of the neighbours. */
  declare previous: string | null;
  declare next: string | null;
  declare thumbnails: Thumbnails;
  readonly #picture = new LargePicture(this);

  constructor() {
    super();
    this.photo = null;
    this.original = null;
    this.previous = null;
    this.next = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('photo')) this.#picture.show(this.photo, this.original, this.thumbnails);
  }

  override updated(): void {
    const dialog = this.renderRoot.querySelector('dialog');
    if (this.photo !== null && dialog?.open === false) dialog.showModal();
    if (this.photo === null && dialog?.open === true) dialog.close();
  }

  override render(): TemplateResult {
    return html`<dialog
      aria-labelledby="name"
      closedby="any"
      @close=${this.#closed}
      @keydown=${this.#key}
    >
      ${this.photo === null ? nothing : this.#content(this.photo)}
    </dialog>`;
  }

  #content(photo: Photo): TemplateResult {
    const { url, isPreview } = this.#picture;
    return html`
      <div class="stage">
        ${
          url === null
            ? nothing
            : html`<img src=${url} alt=${photo.name} @error=${this.#picture.fallBack} />`
        }
        ${this.#neighbour(this.previous, 'before', 'Previous photo', beforeIcon)}
        ${this.#neighbour(this.next, 'after', 'Next photo', afterIcon)}
      </div>
      <div class="facts">
        <h2 id="name" dir="auto">${photo.name}</h2>
        <dl>
          ${photo.score === null ? nothing : fact('Score', score(photo.score))}
          ${photo.modified === 0 ? nothing : fact('Date', DATE.format(photo.modified))}
          ${photo.size === 0 ? nothing : fact('Size', bytes(photo.size))}
          ${photo.credit === null ? nothing : credits(photo.credit)}
        </dl>
        ${
          isPreview && photo.credit === null
            ? html`<p class="note">This is the small preview that Photoglot keeps.</p>`
            : nothing
        }
        <div class="actions">
          <button type="button" class="button primary" @click=${this.#alike}>
            ${alikeIcon} More like this
          </button>
          <button type="button" class="button quiet" @click=${this.#remove}>
            ${trashIcon} Remove
          </button>
        </div>
      </div>
      <button
        type="button"
        class="button quiet square close"
        aria-label="Close"
        title="Close (Esc)"
        @click=${this.#close}
      >
        ${closeIcon}
      </button>
    `;
  }

  #neighbour(
    id: string | null,
    side: string,
    label: string,
    icon: TemplateResult,
  ): TemplateResult | typeof nothing {
    if (id === null) return nothing;
    return html`<button
      type="button"
      class="neighbour ${side}"
      aria-label=${label}
      @click=${() => {
        emit(this, 'pg-open-photo', id);
      }}
    >
      ${icon}
    </button>`;
  }

  readonly #key = (event: KeyboardEvent): void => {
    const id =
      event.key === 'ArrowLeft' ? this.previous : event.key === 'ArrowRight' ? this.next : null;
    if (id === null) return;
    event.preventDefault();
    emit(this, 'pg-open-photo', id);
  };

  readonly #close = (): void => {
    this.renderRoot.querySelector('dialog')?.close();
  };

  readonly #closed = (): void => {
    if (this.photo !== null) emit(this, 'pg-close-photo');
  };

  readonly #alike = (): void => {
    if (this.photo !== null) emit(this, 'pg-more-like', this.photo.id);
  };

  readonly #remove = (): void => {
    if (this.photo !== null) emit(this, 'pg-remove-photo', this.photo.id);
  };
}

const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'long' });

function fact(term: string, value: string | TemplateResult): TemplateResult {
  return html`<div>
    <dt>${term}</dt>
    <dd>${value}</dd>
  </div>`;
}

function credits({ author, licence, licenceUrl, source, changes }: Credit): TemplateResult {
  return html`
    ${fact('Author', author)} ${fact('Licence', linked(licence, licenceUrl))}
    ${fact('Source', URL.canParse(source) ? linked(new URL(source).hostname, source) : source)}
    ${changes === '' ? nothing : fact('Changes', changes)}
  `;
}

function linked(words: string, address: string): TemplateResult | string {
  if (!URL.canParse(address)) return words;
  return html`<a href=${address} target="_blank" rel="noreferrer">${words}</a>`;
}

customElements.define('pg-photo-dialog', PgPhotoDialog);

declare global {
  interface HTMLElementTagNameMap {
    'pg-photo-dialog': PgPhotoDialog;
  }
}
