/**
 * What goes on, at the foot of the window and above everything: it comes and goes without moving
 * the photos.
 */
import { LitElement, html, nothing, type TemplateResult } from 'lit';
import type { Failure, IndexingReport, IndexingState, ModelState } from '../state/app-state';
import { bytes, countOf, progressOf, rateOf, timeLeft } from '../state/format';
import { fileReason } from '../state/problem';
import { dockStyles } from './dock-styles';
import { emit } from './emit';
import { closeIcon, doneIcon, pauseIcon, playIcon } from './icons';
import { shared } from './shared-styles';
import './pg-progress';

export class PgDock extends LitElement {
  static override properties = {
    model: { attribute: false },
    indexing: { attribute: false },
    report: { attribute: false },
    failures: { attribute: false },
  };
  static override styles = [shared, dockStyles];

  declare model: ModelState;
  declare indexing: IndexingState;
  declare report: IndexingReport | null;
  declare failures: readonly Failure[];

  override render(): TemplateResult {
    const loads = this.model.kind === 'loading';
    const runs = this.indexing.status !== 'idle';
    const reports = this.report !== null || this.failures.length > 0;
    return html`<section aria-label="Activity" ?hidden=${!loads && !runs && !reports}>
      ${this.model.kind === 'loading' ? loading(this.model) : nothing}
      ${runs && !loads ? this.#run() : nothing}
      ${this.report !== null && !runs ? this.#summary(this.report) : nothing}
      ${this.failures.length > 0 ? this.#failed() : nothing}
    </section>`;
  }

  #run(): TemplateResult {
    const { status, done, total, problem } = this.indexing;
    const still = status === 'paused' || status === 'failed';
    return html`<pg-progress
      class="card"
      heading=${problem?.title ?? HEADINGS[status]}
      detail=${problem?.advice ?? detailOf(this.indexing)}
      .value=${done}
      .max=${total}
      .still=${still}
    >
      <button
        type="button"
        class="button square"
        ?disabled=${status === 'pausing' || status === 'cancelling'}
        aria-label=${status === 'failed' ? 'Try again' : still ? 'Resume' : 'Pause'}
        title=${status === 'failed' ? 'Try again' : still ? 'Resume' : 'Pause'}
        @click=${() => {
          emit(this, still ? 'pg-resume' : 'pg-pause');
        }}
      >
        ${still ? playIcon : pauseIcon}
      </button>
      <button
        type="button"
        class="button square"
        ?disabled=${status === 'cancelling'}
        aria-label="Cancel"
        title="Cancel: what has been added stays"
        @click=${() => {
          emit(this, 'pg-cancel');
        }}
      >
        ${closeIcon}
      </button>
    </pg-progress>`;
  }

  #summary(report: IndexingReport): TemplateResult {
    return html`<div class="card summary">
      <span class="done">${doneIcon}</span>
      <p>${summaryOf(report)}</p>
      <button
        type="button"
        class="button quiet square"
        aria-label="Dismiss"
        title="Dismiss"
        @click=${() => {
          emit(this, 'pg-dismiss');
        }}
      >
        ${closeIcon}
      </button>
    </div>`;
  }

  #failed(): TemplateResult {
    const count = this.failures.length;
    return html`<details class="card">
      <summary>${countOf(count, 'file')} could not be added</summary>
      <ul aria-label="Files that could not be added">
        ${this.failures.map(
          ({ name, code }) =>
            html`<li>
              <span class="name" dir="auto">${name}</span>
              <span class="reason">${fileReason(code)}</span>
            </li>`,
        )}
      </ul>
    </details>`;
  }
}

const HEADINGS = {
  idle: '',
  running: 'Adding photos',
  pausing: 'Pausing…',
  paused: 'Paused',
  cancelling: 'Stopping…',
  failed: 'Stopped',
} as const satisfies Record<IndexingState['status'], string>;

function loading(model: Extract<ModelState, { kind: 'loading' }>): TemplateResult {
  return html`<pg-progress
    class="card"
    heading="Loading the model"
    detail=${loadingDetail(model)}
    .value=${model.loaded}
    .max=${model.total}
  ></pg-progress>`;
}

function loadingDetail(model: Extract<ModelState, { kind: 'loading' }>): string {
  const { loaded, total, remaining, elsewhere } = model;
  if (total === 0) return 'Once; afterwards it is kept on this device';
  if (loaded >= total) return 'Starting it…';
  const parts = [`${bytes(loaded)} of ${bytes(total)}`];
  if (elsewhere) parts.push('another tab downloads it');
  else if (remaining !== null && remaining > 3) parts.push(timeLeft(remaining));
  else parts.push('kept on this device afterwards');
  return parts.join(' · ');
}

function detailOf({ status, done, total, rate, remaining }: IndexingState): string {
  const parts = [progressOf(done, total)];
  if (status === 'running' && rate > 0) parts.push(rateOf(rate));
  if (status === 'running' && remaining !== null) parts.push(timeLeft(remaining));
  return parts.join(' · ');
}

function summaryOf(report: IndexingReport): string {
  if (report.cancelled) return 'Stopped. Photos added before that are kept.';
  const parts = [`${countOf(report.added, 'photo')} added`];
  if (report.skipped > 0) parts.push(`${countOf(report.skipped, 'photo')} already here`);
  return parts.join(', ');
}

customElements.define('pg-dock', PgDock);

declare global {
  interface HTMLElementTagNameMap {
    'pg-dock': PgDock;
  }
}
