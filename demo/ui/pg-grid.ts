/** The photos, or places held for them. One tile is in the tab order; arrow keys move it. */
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Photo } from '../state/photo';
import type { Thumbnails } from '../state/thumbnails';
import { indexAfterKey } from './roving';
import { shared } from './shared-styles';
import type { PgTile } from './pg-tile';
import './pg-tile';

/** Tiles shown at first, and added each time that the end comes into view. */
const PAGE = 120;

export class PgGrid extends LitElement {
  static override properties = {
    photos: { attribute: false },
    thumbnails: { attribute: false },
    label: { type: String },
    places: { type: Number },
    placesAt: { type: Number },
    large: { type: Boolean, reflect: true },
    active: { state: true },
    shown: { state: true },
  };
  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(7rem, 30%), 1fr));
        gap: var(--space-2);
      }
      @media (min-width: 44rem) {
        ul {
          grid-template-columns: repeat(auto-fill, minmax(10.5rem, 1fr));
          gap: var(--space-3);
        }
      }
      :host([large]) ul {
        grid-template-columns: repeat(auto-fill, minmax(min(14rem, 45%), 1fr));
      }
      .place {
        aspect-ratio: 1;
        border-radius: var(--radius-m);
        background: var(--sunken);
      }
      @media (prefers-reduced-motion: no-preference) {
        .place {
          animation: breathe 1.4s ease-in-out infinite alternate;
        }
      }
      @keyframes breathe {
        to {
          opacity: 0.5;
        }
      }
    `,
  ];

  declare photos: readonly Photo[];
  declare thumbnails: Thumbnails;
  /** Names the list for screen readers. */
  declare label: string;
  /** How many places to hold for photos to come. */
  declare places: number;
  /** Before which photo. */
  declare placesAt: number;
  /** For a few photos that deserve to be seen. */
  declare large: boolean;
  /** Index of the tile in the tab order. */
  declare active: number;
  declare shown: number;
  readonly #end = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) this.shown += PAGE;
  });

  constructor() {
    super();
    this.photos = [];
    this.label = '';
    this.places = 0;
    this.placesAt = 0;
    this.large = false;
    this.active = 0;
    this.shown = PAGE;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end.disconnect();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('label')) {
      this.active = 0;
      this.shown = PAGE;
    }
    this.active = Math.max(0, Math.min(this.active, this.photos.length - 1));
  }

  override updated(): void {
    this.#end.disconnect();
    const end = this.renderRoot.querySelector('.end');
    if (end !== null) this.#end.observe(end);
  }

  /** Focuses the tile in the tab order. */
  override focus(): void {
    this.#tiles[this.active]?.focus();
  }

  /** Focuses the tile of a photo, so that Tab goes on from there. */
  focusPhoto(id: string): void {
    const index = this.photos.findIndex((photo) => photo.id === id);
    if (index >= 0) this.active = index;
    this.focus();
  }

  override render(): TemplateResult {
    const photos = this.photos.slice(0, this.shown);
    const before = photos.slice(0, this.placesAt);
    const after = photos.slice(this.placesAt);
    return html`
      <ul aria-label=${this.label} @keydown=${this.#key} @focusin=${this.#focused}>
        ${repeat(
          [...before, ...Array.from({ length: this.places }, () => null), ...after],
          (photo, index) => photo?.id ?? `place-${String(index)}`,
          (photo) => (photo === null ? place : this.#tile(photo)),
        )}
      </ul>
      ${this.photos.length > this.shown ? html`<div class="end"></div>` : nothing}
    `;
  }

  #tile(photo: Photo): TemplateResult {
    return html`<li>
      <pg-tile
        .photo=${photo}
        .thumbnails=${this.thumbnails}
        .active=${this.photos[this.active]?.id === photo.id}
      ></pg-tile>
    </li>`;
  }

  get #tiles(): readonly PgTile[] {
    return [...this.renderRoot.querySelectorAll('pg-tile')];
  }

  readonly #key = (event: KeyboardEvent): void => {
    const list = this.renderRoot.querySelector('ul');
    if (list === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const columns = getComputedStyle(list).gridTemplateColumns.split(' ').length;
    const tiles = this.#tiles;
    const next = indexAfterKey(event.key, this.active, { columns, count: tiles.length });
    if (next === null) return;
    event.preventDefault();
    this.active = next;
    tiles[next]?.focus();
  };

  readonly #focused = (event: Event): void => {
    const index = this.#tiles.findIndex((tile) => tile === event.target);
    if (index >= 0) this.active = index;
  };
}

const place = html`<li class="place" aria-hidden="true"></li>`;

customElements.define('pg-grid', PgGrid);

declare global {
  interface HTMLElementTagNameMap {
    'pg-grid': PgGrid;
  }
}
