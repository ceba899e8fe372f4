/** One photo in the grid: a button that opens it, and one that finds photos like it. */
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { score } from '../state/format';
import type { Photo } from '../state/photo';
import type { Thumbnails } from '../state/thumbnails';
import { emit } from './emit';
import { alikeIcon } from './icons';
import { shared } from './shared-styles';
import { tileStyles } from './tile-styles';

export class PgTile extends LitElement {
  static override properties = {
    photo: { attribute: false },
    thumbnails: { attribute: false },
    active: { type: Boolean },
    url: { state: true },
    broken: { state: true },
    fresh: { state: true },
  };
  static override styles = [shared, tileStyles];

  declare photo: Photo;
  declare thumbnails: Thumbnails;
  /** Whether this is the tile that Tab reaches. */
  declare active: boolean;
  declare url: string | null;
  /** Whether there is no thumbnail to show. */
  declare broken: boolean;
  /** Whether the picture has only just come, and fades in. */
  declare fresh: boolean;
  /** Id whose thumbnail is held. */
  #held: string | null = null;

  constructor() {
    super();
    this.active = false;
    this.url = null;
    this.broken = false;
    this.fresh = true;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated && this.#held === null) this.#hold();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Another order takes tiles out and puts them in again; those keep their picture.
    queueMicrotask(() => {
      if (!this.isConnected) this.#letGo();
    });
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('photo') && this.photo.id !== this.#held) this.#hold();
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.open')?.focus();
  }

  override render(): TemplateResult {
    const { id, name, score: cosine } = this.photo;
    const tabindex = this.active ? '0' : '-1';
    return html`
      <button
        type="button"
        class="open"
        tabindex=${tabindex}
        @click=${() => {
          emit(this, 'pg-open-photo', id);
        }}
      >
        ${
          this.url === null
            ? html`<span class=${this.broken ? 'broken' : 'wait'}>
                ${this.broken ? 'No preview' : nothing}
              </span>`
            : html`<img
                class=${this.fresh ? 'fresh' : ''}
                src=${this.url}
                alt=""
                draggable="false"
                @animationend=${() => (this.fresh = false)}
              />`
        }
        <span class="name" dir="auto">${name}</span>
        ${
          cosine === null
            ? nothing
            : html`<span class="score"><span class="unseen">, score </span>${score(cosine)}</span>`
        }
      </button>
      <button
        type="button"
        class="alike"
        tabindex=${tabindex}
        title="More like this"
        aria-label="More like ${name}"
        @click=${() => {
          emit(this, 'pg-more-like', id);
        }}
      >
        ${alikeIcon}
      </button>
    `;
  }

  #hold(): void {
    this.#letGo();
    const { id } = this.photo;
    this.#held = id;
    this.url = null;
    this.broken = false;
    void this.thumbnails.acquire(id).then((url) => {
      if (this.#held !== id) return;
      this.url = url;
      this.broken = url === null;
    });
  }

  #letGo(): void {
    if (this.#held !== null) this.thumbnails.release(this.#held);
    this.#held = null;
  }
}

customElements.define('pg-tile', PgTile);

declare global {
  interface HTMLElementTagNameMap {
    'pg-tile': PgTile;
  }
}
