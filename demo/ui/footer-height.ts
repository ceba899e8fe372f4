/** How tall the last line of the window is, for what floats above it: it may wrap. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Keeps `--footer` of the host, a length, at the height of its `footer` element. */
export class FooterHeight implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #observer: ResizeObserver;
  #footer: Element | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    this.#observer = new ResizeObserver(() => {
      const { height = 0 } = this.#footer?.getBoundingClientRect() ?? {};
      host.style.setProperty('--footer', `${String(height)}px`);
    });
    host.addController(this);
  }

  hostUpdated(): void {
    const footer = this.#host.shadowRoot?.querySelector('footer') ?? null;
    if (footer === this.#footer) return;
    this.#observer.disconnect();
    this.#footer = footer;
    if (footer !== null) this.#observer.observe(footer);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#footer = null;
  }
}
