/** A titled bar with a line of detail. Without a known end it only says that work goes on. */
import { LitElement, css, html, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { shared } from './shared-styles';

export class PgProgress extends LitElement {
  static override properties = {
    heading: { type: String },
    detail: { type: String },
    value: { type: Number },
    max: { type: Number },
    still: { type: Boolean },
  };
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
      }
      .words {
        display: flex;
        align-items: center;
        gap: var(--space-3);
        min-height: 2.5rem;
      }
      .text {
        flex: 1;
        min-width: 0;
      }
      .heading {
        font-weight: 600;
        line-height: 1.35;
      }
      .detail {
        min-height: 1.25rem;
        color: var(--ink-soft);
        font-size: var(--text-s);
        font-variant-numeric: tabular-nums;
      }
      progress {
        display: block;
        width: 100%;
        height: 0.375rem;
        border: 0;
        border-radius: var(--radius-full);
        background: var(--sunken);
        color: var(--accent);
        overflow: hidden;
        appearance: none;
      }
      progress::-webkit-progress-bar {
        background: var(--sunken);
      }
      progress::-webkit-progress-value {
        border-radius: var(--radius-full);
        background: var(--accent);
        transition: inline-size var(--calm) linear;
      }
      progress::-moz-progress-bar {
        border-radius: var(--radius-full);
        background: var(--accent);
      }
      .still::-webkit-progress-value {
        background: var(--line-strong);
      }
      .still::-moz-progress-bar {
        background: var(--line-strong);
      }
    `,
  ];

  declare heading: string;
  declare detail: string;
  declare value: number;
  /** 0 while the end is not known. */
  declare max: number;
  /** Whether nothing moves: paused. */
  declare still: boolean;

  constructor() {
    super();
    this.heading = '';
    this.detail = '';
    this.value = 0;
    this.max = 0;
    this.still = false;
  }

  override render(): TemplateResult {
    return html`
      <div class="words">
        <div class="text">
          <p class="heading">${this.heading}</p>
          <p class="detail">${this.detail}</p>
        </div>
        <slot></slot>
      </div>
      <progress
        class=${this.still ? 'still' : ''}
        aria-label=${this.heading}
        aria-valuetext=${this.detail}
        max=${this.max || 1}
        value=${ifDefined(this.max > 0 ? this.value : undefined)}
      ></progress>
    `;
  }
}

customElements.define('pg-progress', PgProgress);

declare global {
  interface HTMLElementTagNameMap {
    'pg-progress': PgProgress;
  }
}
