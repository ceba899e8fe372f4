/** The last line of the window: where the photos are, what looks at them, how many there are. */
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import type { ModelState } from '../state/app-state';
import { bytes, countOf } from '../state/format';
import { emit } from './emit';
import { lockIcon } from './icons';
import { shared } from './shared-styles';

export class PgStatusLine extends LitElement {
  static override properties = {
    model: { attribute: false },
    count: { attribute: false },
    updateReady: { type: Boolean },
  };
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--space-4);
        min-height: 2.5rem;
        padding: 0 var(--gutter) env(safe-area-inset-bottom);
        border-top: 1px solid var(--line);
        background: var(--paper);
        color: var(--ink-soft);
        font-size: var(--text-s);
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .promise {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        color: var(--ink);
        font-weight: 550;
      }
      .icon {
        width: 1rem;
        height: 1rem;
        color: var(--accent);
      }
      .model {
        /* As wide as there is room: the line must wrap only before what has one of its own. */
        flex: 1 1 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .count {
        margin-inline-start: auto;
      }
      .careful {
        flex-basis: 100%;
        padding-block-end: var(--space-2);
        color: var(--ink);
        white-space: normal;
        overflow-wrap: anywhere;
      }
      button {
        padding: 0;
        border: 0;
        background: none;
        color: var(--accent);
        font-weight: 600;
        text-decoration: underline;
        text-underline-offset: 0.15em;
      }
      @media (max-width: 44rem) {
        .model {
          display: none;
        }
      }
    `,
  ];

  declare model: ModelState;
  /** Null until known. */
  declare count: number | null;
  declare updateReady: boolean;

  override render(): TemplateResult {
    return html`
      <span class="promise">${lockIcon} Nothing leaves this device</span>
      ${
        this.updateReady
          ? html`<button
              type="button"
              @click=${() => {
                emit(this, 'pg-update');
              }}
            >
              Load the new version
            </button>`
          : nothing
      }
      <span class="model">${modelWords(this.model)}</span>
      <span class="count">${this.count === null ? nothing : countOf(this.count, 'photo')}</span>
      ${this.#careful()}
    `;
  }

  /** Why something smaller was loaded than usual. */
  #careful(): TemplateResult | typeof nothing {
    const safeMode = this.model.kind === 'ready' ? this.model.info.safeMode : null;
    return safeMode === null ? nothing : html`<span class="careful">${safeMode}</span>`;
  }
}

function modelWords(model: ModelState): string {
  switch (model.kind) {
    case 'loading':
      return 'Model loading';
    case 'failed':
      return 'Model not loaded';
    case 'ready': {
      const { info } = model;
      const size = model.bytes > 0 ? `, ${bytes(model.bytes)}` : '';
      const { provider, threads } = info.image;
      const device =
        provider === 'webgpu' ? 'on the graphics card' : `on ${countOf(threads, 'thread')}`;
      return `Model ${info.model} ${info.version}${size}, running ${device}`;
    }
    default:
      return model satisfies never;
  }
}

customElements.define('pg-status-line', PgStatusLine);

declare global {
  interface HTMLElementTagNameMap {
    'pg-status-line': PgStatusLine;
  }
}
