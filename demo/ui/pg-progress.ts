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
        grid-template:
          'heading buttons'
          'detail buttons'
          'bar bar' / 1fr auto;
        column-gap: var(--space-3);
      }
      @media (max-width: 44rem) {
        :host {
          grid-template:
            'heading buttons'
            'bar bar'
            'detail detail' / 1fr auto;
          row-gap: var(--space-1);
          align-items: center;
        }
      }
      slot {
        grid-area: buttons;
        display: flex;
        align-items: center;
        gap: var(--space-3);
      }
      .heading {
        grid-area: heading;
        font-weight: 600;
        line-height: 1.35;
      }
      .detail {
        grid-area: detail;
        min-height: 1.25rem;
        color: var(--ink-soft);
        font-size: var(--text-s);
        font-variant-numeric: tabular-nums;
      }
      progress {
        grid-area: bar;
        display: block;
        width: 100%;
        margin-block: var(--space-2) 0;
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
      <p class="heading">${this.heading}</p>
      <p class="detail">${this.detail}</p>
      <slot></slot>
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
