/** The main part: all photos or results, or why there are none. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { Thumbnails } from '../state/thumbnails';
import { shared } from './shared-styles';
import type { View } from './view';
import './pg-empty';
import './pg-grid';
import './pg-problem';

export class PgPhotos extends LitElement {
  static override properties = { view: { attribute: false }, thumbnails: { attribute: false } };
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        flex: 1;
      }
      main {
        padding: var(--space-6) var(--gutter) 8rem;
      }
      h2 {
        margin-bottom: var(--space-4);
        overflow: hidden;
        font-size: var(--text-m);
        font-weight: 600;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      pg-grid + h2 {
        margin-top: var(--space-6);
        color: var(--ink-soft);
      }
      @media (max-width: 44rem) {
        main {
          padding-top: var(--space-4);
        }
      }
    `,
  ];

  declare view: View;
  declare thumbnails: Thumbnails;

  override focus(): void {
    this.renderRoot.querySelector('pg-grid')?.focus();
  }

  focusPhoto(id: string): void {
    const grids = [...this.renderRoot.querySelectorAll('pg-grid')];
    grids.find((grid) => grid.photos.some((photo) => photo.id === id))?.focusPhoto(id);
  }

  override render(): TemplateResult {
    const { problem, kind, busy } = this.view;
    return html`<main aria-busy=${busy ? 'true' : 'false'}>
      ${problem === null ? nothing : html`<pg-problem .problem=${problem}></pg-problem>`}
      ${kind === 'empty' ? html`<pg-empty></pg-empty>` : nothing}
      ${kind === 'photos' ? this.#list() : nothing}
    </main>`;
  }

  #list(): TemplateResult {
    const { heading, photos, others, places, placesAt } = this.view;
    return html`
      <h2 dir="auto">${heading}</h2>
      <pg-grid
        label=${heading}
        .photos=${photos}
        .places=${places}
        .placesAt=${placesAt}
        .large=${others.length > 0}
        .thumbnails=${this.thumbnails}
      ></pg-grid>
      ${
        others.length === 0
          ? nothing
          : html`<h2>Less likely</h2>
              <pg-grid
                label="Less likely"
                .photos=${others}
                .thumbnails=${this.thumbnails}
              ></pg-grid>`
      }
    `;
  }
}

customElements.define('pg-photos', PgPhotos);

declare global {
  interface HTMLElementTagNameMap {
    'pg-photos': PgPhotos;
  }
}
