/** The page: lays the parts out, hands them their share of the state, and does what they ask. */
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import type { App } from '../state/app';
import type { AppState } from '../state/app-state';
import { takeUpdate } from '../state/offline';
import { appStyles } from './app-styles';
import type { PageEvent } from './emit';
import { mark, trashIcon } from './icons';
import type { PgConfirm } from './pg-confirm';
import type { PgPhotos } from './pg-photos';
import type { PgSearchBox } from './pg-search-box';
import { PictureUrl } from './picture-url';
import { shared } from './shared-styles';
import { viewOf, type View } from './view';
import './pg-add';
import './pg-confirm';
import { FooterHeight } from './footer-height';
import './pg-dock';
import './pg-drop-overlay';
import './pg-examples';
import './pg-photo-dialog';
import './pg-photos';
import './pg-search-box';
import './pg-status-line';

export class PgApp extends LitElement {
  static override properties = { app: { attribute: false } };
  static override styles = [shared, appStyles];

  declare app: App | null;
  readonly #queryPicture = new PictureUrl(this);
  #unsubscribe: (() => void) | null = null;

  constructor() {
    super();
    this.app = null;
    new FooterHeight(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('keydown', this.#key);
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  override willUpdate(): void {
    if (this.app === null) return;
    this.#unsubscribe ??= this.app.store.subscribe(() => {
      this.requestUpdate();
    });
    this.#queryPicture.follow(this.app.store.state.search.query, this.app.thumbnails);
  }

  override render(): TemplateResult | typeof nothing {
    return this.app === null ? nothing : this.#page(this.app, this.app.store.state);
  }

  #page(app: App, state: AppState): TemplateResult {
    const view = viewOf(state);
    const { query } = state.search;
    return html`
      <button type="button" class="button skip" @click=${() => this.#photos?.focus()}>
        Skip to the photos
      </button>
      <header>
        <h1>${mark}<span>Photoglot</span></h1>
        ${
          state.library?.length
            ? html`<button
                  type="button"
                  class="button quiet"
                  @click=${() => this.renderRoot.querySelector<PgConfirm>('pg-confirm')?.show()}
                >
                  ${trashIcon}<span>Clear all</span>
                </button>
                <pg-add compact @pg-add-files=${this.#addFiles}></pg-add>`
            : nothing
        }
      </header>
      <div class="ask">
        <pg-search-box
          .query=${query}
          .pictureUrl=${this.#queryPicture.url}
          .busy=${view.busy}
          @focusin=${() => {
            app.warmUp();
          }}
          @pg-type=${this.#type}
          @pg-ask=${this.#ask}
          @pg-search-picture=${this.#searchPicture}
          @pg-clear-search=${() => {
            app.search(null);
          }}
        ></pg-search-box>
      </div>
      <pg-examples
        .current=${query?.kind === 'text' ? query.text : ''}
        @pg-ask=${this.#ask}
      ></pg-examples>
      <pg-dock
        .model=${state.model}
        .indexing=${state.indexing}
        .report=${state.report}
        .failures=${state.failures}
        @pg-pause=${() => {
          app.pause();
        }}
        @pg-resume=${() => {
          app.resume();
        }}
        @pg-cancel=${() => {
          void app.cancel();
        }}
        @pg-dismiss=${() => {
          app.dismissReport();
        }}
      ></pg-dock>
      <pg-photos
        .view=${view}
        .thumbnails=${app.thumbnails}
        @pg-open-photo=${this.#open}
        @pg-more-like=${this.#moreLike}
        @pg-add-files=${this.#addFiles}
        @pg-add-samples=${() => {
          void app.addSamples();
        }}
        @pg-retry=${() => {
          void app.retry();
        }}
      ></pg-photos>
      <footer>
        <pg-status-line
          .model=${state.model}
          .count=${state.library?.length ?? (state.expected || null)}
          .updateReady=${state.updateReady}
          @pg-update=${() => {
            void takeUpdate();
          }}
        ></pg-status-line>
      </footer>
      ${this.#layers(app, state, view)}
      <p class="unseen" role="status">${state.announcement}</p>
    `;
  }

  #layers(app: App, state: AppState, view: View): TemplateResult {
    const shown = state.selected === null ? [] : [...view.photos, ...view.others];
    const index = shown.findIndex(({ id }) => id === state.selected);
    const photo = shown[index] ?? null;
    return html`
      <pg-photo-dialog
        .photo=${photo}
        .original=${photo && app.original(photo)}
        .previous=${shown[index - 1]?.id ?? null}
        .next=${photo && (shown[index + 1]?.id ?? null)}
        .thumbnails=${app.thumbnails}
        @pg-open-photo=${this.#open}
        @pg-close-photo=${this.#closePhoto}
        @pg-more-like=${this.#moreLike}
        @pg-remove-photo=${this.#remove}
      ></pg-photo-dialog>
      <pg-confirm
        .count=${state.library?.length ?? 0}
        @pg-clear-all=${() => {
          void app.clear();
        }}
      ></pg-confirm>
      <pg-drop-overlay @pg-add-files=${this.#addFiles}></pg-drop-overlay>
    `;
  }

  get #photos(): PgPhotos | null {
    return this.renderRoot.querySelector('pg-photos');
  }

  get #box(): PgSearchBox | null {
    return this.renderRoot.querySelector('pg-search-box');
  }

  readonly #type = ({ detail }: PageEvent<'pg-type'>): void => {
    this.app?.search(textQuery(detail), { typing: true });
  };

  readonly #ask = ({ detail }: PageEvent<'pg-ask'>): void => {
    this.app?.search(textQuery(detail));
  };

  readonly #searchPicture = ({ detail }: PageEvent<'pg-search-picture'>): void => {
    this.app?.search({ kind: 'picture', picture: detail });
  };

  readonly #moreLike = ({ detail }: PageEvent<'pg-more-like'>): void => {
    this.app?.search({ kind: 'like', id: detail });
    window.scrollTo({ top: 0 });
  };

  readonly #addFiles = ({ detail }: PageEvent<'pg-add-files'>): void => {
    void this.app?.addFiles(detail);
  };

  readonly #open = ({ detail }: PageEvent<'pg-open-photo'>): void => {
    this.app?.select(detail);
  };

  readonly #closePhoto = (): void => {
    const id = this.app?.store.state.selected;
    this.app?.select(null);
    if (id) this.#photos?.focusPhoto(id);
  };

  readonly #remove = ({ detail }: PageEvent<'pg-remove-photo'>): void => {
    this.app?.select(null);
    void this.app?.remove(detail);
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const [target] = event.composedPath();
    const state = this.app?.store.state;
    const inBox = target instanceof HTMLInputElement && target.type !== 'file';
    if (inBox || state?.selected !== null) return;
    if (event.key === '/') {
      event.preventDefault();
      this.#box?.focus();
    } else if (event.key === 'Escape' && state.search.query !== null) {
      this.app?.search(null);
    }
  };
}

/** Spaces alone ask for nothing. */
function textQuery(text: string): { readonly kind: 'text'; readonly text: string } | null {
  return text.trim() === '' ? null : { kind: 'text', text };
}

customElements.define('pg-app', PgApp);

declare global {
  interface HTMLElementTagNameMap {
    'pg-app': PgApp;
  }
}
