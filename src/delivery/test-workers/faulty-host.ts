/** The fault server, as tests talk to it. */
import type { FaultSetting, LoggedRequest } from '../../../scripts/fault-types.mjs';

let count = 0;

/** A scenario of its own, served on this origin or another. */
export class FaultyHost {
  readonly #origin: string;
  readonly #path: string;
  #forgotten = 0;

  private constructor(origin: string) {
    count += 1;
    this.#origin = origin;
    this.#path = `/faults/${Date.now()}-${count}`;
  }

  static async start(setting: FaultSetting, origin = location.origin): Promise<FaultyHost> {
    const host = new FaultyHost(origin);
    await host.#send('POST', setting);
    return host;
  }

  /** Address of a file. */
  url(name: string): string {
    return `${this.#origin}${this.#path}/${name}`;
  }

  /** Files and options are added, rules replaced. */
  change(change: Partial<FaultSetting>): Promise<void> {
    return this.#send('PATCH', change);
  }

  /** Requests so far, in order. */
  async log(): Promise<readonly LoggedRequest[]> {
    const all = (await (await fetch(`${this.#path}?log`)).json()) as readonly LoggedRequest[];
    return all.slice(this.#forgotten);
  }

  /** The log begins now. */
  async forget(): Promise<void> {
    this.#forgotten += (await this.log()).length;
  }

  /** Ranges asked for, in order, as `first-last`; `-` for the whole file. */
  async ranges(): Promise<readonly string[]> {
    return (await this.log()).map(({ range }) => range?.replace('bytes=', '') ?? '-');
  }

  async #send(method: string, body: Partial<FaultSetting>): Promise<void> {
    const { ok } = await fetch(this.#path, { method, body: JSON.stringify(body) });
    if (!ok) throw new Error('The fault server is not there: see vitest.config.ts.');
  }
}

/** Another origin that serves all scenarios. */
export async function otherOrigin(): Promise<string> {
  const { url } = (await (await fetch('/faults')).json()) as { url: string };
  return url;
}
