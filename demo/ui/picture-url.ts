/** A URL for the picture that is the query; let go when the query changes. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ActiveQuery } from '../state/app-state';
import type { Thumbnails } from '../state/thumbnails';

export class PictureUrl implements ReactiveController {
  url: string | null = null;
  readonly #host: ReactiveControllerHost;
  #query: ActiveQuery | null = null;
  #letGo: () => void = () => undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#letGo();
  }

  follow(query: ActiveQuery | null, thumbnails: Thumbnails): void {
    if (query === this.#query) return;
    this.#letGo();
    this.#query = query;
    this.url = null;
    this.#letGo = () => undefined;
    if (query?.kind === 'picture') this.#showFile(query.picture);
    if (query?.kind === 'like') this.#showThumbnail(query, query.id, thumbnails);
  }

  #showFile(picture: File): void {
    const url = URL.createObjectURL(picture);
    this.url = url;
    this.#letGo = () => {
      URL.revokeObjectURL(url);
    };
  }

  #showThumbnail(query: ActiveQuery, id: string, thumbnails: Thumbnails): void {
    this.#letGo = () => {
      thumbnails.release(id);
    };
    void thumbnails.acquire(id).then((url) => {
      if (this.#query !== query) return;
      this.url = url;
      this.#host.requestUpdate();
    });
  }
}
