/** Covers the page while files are dragged over it, and takes what is dropped. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import { filesOfDrop, holdsFiles } from '../state/file-intake';
import { emit } from './emit';
import { shared } from './shared-styles';

export class PgDropOverlay extends LitElement {
  static override properties = { over: { type: Boolean, reflect: true } };
  static override styles = [
    shared,
    css`
      :host {
        position: fixed;
        inset: var(--space-3);
        z-index: 1;
        display: none;
        place-items: end center;
        padding-bottom: 20vh;
        border: 2px dashed var(--accent);
        border-radius: var(--radius-l);
        background: color-mix(in srgb, var(--accent-wash) 88%, transparent);
        font: 500 var(--text-xl) / 1.3 var(--serif);
        pointer-events: none;
      }
      :host([over]) {
        display: grid;
      }
    `,
  ];

  declare over: boolean;
  /** Entered elements less left ones: `dragleave` fires at every inner border. */
  #depth = 0;
  #listening = new AbortController();

  constructor() {
    super();
    this.over = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    window.addEventListener('dragenter', this.#enter, { signal });
    window.addEventListener('dragover', this.#dragOver, { signal });
    window.addEventListener('dragleave', this.#leave, { signal });
    window.addEventListener('drop', this.#drop, { signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening.abort();
  }

  override render(): TemplateResult {
    return html`<span>Drop to add to your photos</span>`;
  }

  readonly #enter = (event: DragEvent): void => {
    if (!holdsFiles(event.dataTransfer)) return;
    this.#depth += 1;
    this.over = true;
  };

  readonly #leave = (event: DragEvent): void => {
    if (!holdsFiles(event.dataTransfer)) return;
    this.#depth = Math.max(0, this.#depth - 1);
    this.over = this.#depth > 0;
  };

  readonly #dragOver = (event: DragEvent): void => {
    // Without this the browser would open the file instead.
    if (holdsFiles(event.dataTransfer)) event.preventDefault();
  };

  readonly #drop = (event: DragEvent): void => {
    this.#depth = 0;
    this.over = false;
    // The search box may have taken it already, as a query.
    if (event.defaultPrevented || !holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    void filesOfDrop(event.dataTransfer).then((files) => {
      emit(this, 'pg-add-files', files);
    });
  };
}

customElements.define('pg-drop-overlay', PgDropOverlay);

declare global {
  interface HTMLElementTagNameMap {
    'pg-drop-overlay': PgDropOverlay;
  }
}
