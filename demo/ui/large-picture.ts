/** The URL behind the large view: the picture itself, or else its thumbnail; let go afterwards. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Photo } from '../state/photo';
import type { Thumbnails } from '../state/thumbnails';

export class LargePicture implements ReactiveController {
  /** Null while there is none to show. */
  url: string | null = null;
  /** Whether `url` is only the thumbnail. */
  isPreview = false;
  readonly #host: ReactiveControllerHost;
  #photo: Photo | null = null;
  #thumbnails: Thumbnails | null = null;
  #ownUrl: string | null = null;
  #heldId: string | null = null;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#letGo();
  }

  show(photo: Photo | null, original: File | string | null, thumbnails: Thumbnails): void {
    if (photo?.id === this.#photo?.id) return;
    this.#letGo();
    this.#photo = photo;
    this.#thumbnails = thumbnails;
    this.isPreview = false;
    if (original === null) this.fallBack();
    else if (typeof original === 'string') this.url = original;
    else this.url = this.#ownUrl = URL.createObjectURL(original);
  }

  /** Shows the thumbnail: there is nothing larger, or it cannot be read any more. */
  readonly fallBack = (): void => {
    if (this.#photo === null || this.#thumbnails === null || this.isPreview) return;
    const { id } = this.#photo;
    this.isPreview = true;
    this.#heldId = id;
    void this.#thumbnails.acquire(id).then((url) => {
      if (this.#heldId !== id) return;
      this.url = url;
      this.#host.requestUpdate();
    });
  };

  #letGo(): void {
    if (this.#ownUrl !== null) URL.revokeObjectURL(this.#ownUrl);
    if (this.#heldId !== null) this.#thumbnails?.release(this.#heldId);
    this.url = this.#ownUrl = this.#heldId = null;
  }
}
