/** One file's way through the hosts: each is tried once, until one of them has delivered. */
import { PhotoglotError } from '../errors';
import type { FileSource } from './file-source';
import type { Hosts } from './hosts';

export class HostTour {
  readonly #urls: FileSource['urls'];
  readonly #hosts: Hosts;
  #index: number;
  /** Those given up since the last success, in order. */
  readonly #failures = new Map<number, PhotoglotError>();

  /** @param first address to begin with, if it is one of the file's; else the model's working host */
  constructor(urls: FileSource['urls'], hosts: Hosts, first?: string) {
    this.#urls = urls;
    this.#hosts = hosts;
    const preferred = first === undefined ? -1 : urls.indexOf(first);
    this.#index = preferred >= 0 ? preferred : hosts.current % urls.length;
  }

  /** Address of the file at the host whose turn it is. */
  get url(): string {
    return this.#urls[this.#index] ?? this.#urls[0];
  }

  /** A chunk arrived and is what it should be. */
  succeeded(): void {
    this.#failures.clear();
    this.#hosts.worked(this.#index);
  }

  /** Goes on to the next host. Throws when all were given up: the first one's error, naming the others'. */
  giveUp(error: PhotoglotError): void {
    this.#failures.set(this.#index, error);
    const next = this.#following();
    if (next === null) throw summed([...this.#failures.values()]);
    this.#hosts.failed(this.#index, next);
    this.#index = next;
  }

  /** Goes on to the next host if there is one, without holding anything against this one. */
  turn(): void {
    this.#index = this.#following() ?? this.#index;
  }

  #following(): number | null {
    for (let step = 1; step < this.#urls.length; step++) {
      const index = (this.#index + step) % this.#urls.length;
      if (!this.#failures.has(index)) return index;
    }
    return null;
  }
}

function summed(errors: readonly PhotoglotError[]): PhotoglotError {
  const [first, ...others] = errors;
  if (first === undefined) return new PhotoglotError('internal', 'A file without a host.');
  const code = errors.some((error) => error.code === 'integrity') ? 'integrity' : first.code;
  const rest = others.map(({ message }) => message);
  const message = [first.message, ...(rest.length > 0 ? ['Other hosts:', ...rest] : [])].join(' ');
  return new PhotoglotError(code, message, { cause: first });
}
