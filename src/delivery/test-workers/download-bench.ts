/** A file, hosts that have it, a shelf and a gate: what every test of a download begins with. */
import type { FaultOptions, FaultRule } from '../../../scripts/fault-types.mjs';
import { seededBytes } from '../../../scripts/seeded-bytes.mjs';
import { sha256OfBytes } from '../chunk-digest';
import { downloadFile } from '../download-file';
import type { DownloadRules } from '../download-rules';
import type { StoredFile } from '../file-shelf';
import type { FileSource } from '../file-source';
import { Hosts } from '../hosts';
import { PauseGate } from '../pause-gate';
import type { DownloadProgress } from '../progress-throttle';
import { ArrayShelf } from './array-shelf';
import { FaultyHost } from './faulty-host';

export const CHUNK = 64 * 1024;
/** Bytes of the file: four chunks and a rest. */
export const SIZE = 4 * CHUNK + 1000;
export const NAME = 'model.onnx';
const SEED = 7;

/** Tests wait little, but for stalls as long as anybody: a slow machine is not one. */
const RULES: Partial<DownloadRules> = { chunkSize: CHUNK, backoffMs: 1, longestBackoffMs: 4 };

/** How much of the file's digests its source tells. */
export type Proof = 'chunks' | 'whole' | 'nothing';

interface HostSetting {
  readonly rules?: FaultRule[];
  readonly options?: FaultOptions;
  readonly origin?: string;
  /** Another file. @default the same on all hosts */
  readonly seed?: number;
  /** @default SIZE */
  readonly size?: number;
}

/** Everything that a download gets, to be altered before it starts. */
export class DownloadBench {
  readonly hosts = new Hosts();
  readonly gate = new PauseGate();
  readonly shelf = new ArrayShelf();
  readonly controller = new AbortController();
  readonly progress: DownloadProgress[] = [];
  onProgress: (progress: DownloadProgress) => void = () => undefined;

  private constructor(
    readonly source: FileSource,
    readonly servers: readonly FaultyHost[],
  ) {}

  /** @param settings one per host; the first address is the first's */
  static async start(
    proof: Proof,
    settings: readonly HostSetting[] = [{}],
    change: Partial<FileSource> = {},
  ): Promise<DownloadBench> {
    const servers = await Promise.all(
      settings.map(({ rules = [], options = {}, origin, seed = SEED, size = SIZE }) =>
        FaultyHost.start({ files: { [NAME]: { size, seed } }, rules, options }, origin),
      ),
    );
    const [first = '', ...others] = servers.map((server) => server.url(NAME));
    const sha256 = proof === 'nothing' ? null : await sha256OfBytes(seededBytes(SEED, 0, SIZE));
    const source: FileSource = {
      key: sha256 ?? `url:${first}`,
      name: NAME,
      urls: [first, ...others],
      size: SIZE,
      sha256,
      chunks: proof === 'chunks' ? { size: CHUNK, sha256: await chunkDigests() } : null,
      ...change,
    };
    return new DownloadBench(source, servers);
  }

  get server(): FaultyHost {
    const [first] = this.servers;
    if (first === undefined) throw new Error('A test without a host.');
    return first;
  }

  download(
    rules: Partial<DownloadRules> = {},
    change: Partial<FileSource> = {},
  ): Promise<StoredFile> {
    return downloadFile({
      source: { ...this.source, ...change },
      shelf: this.shelf,
      hosts: this.hosts,
      gate: this.gate,
      signal: this.controller.signal,
      onProgress: (progress) => {
        this.progress.push(progress);
        this.onProgress(progress);
      },
      rules: { ...RULES, ...rules },
    });
  }

  /** Keeps the first chunks as an earlier page would have, of which progress and logs know nothing. */
  async prepare(chunks: number): Promise<void> {
    this.shelf.onAppend = ({ index }) => {
      if (index >= chunks) throw new Error('enough');
    };
    await this.download().catch(() => undefined);
    this.shelf.onAppend = () => undefined;
    this.progress.length = 0;
    await Promise.all(this.servers.map((server) => server.forget()));
  }

  /** Whether exactly the file is kept. */
  async isRight(seed = SEED, size = SIZE): Promise<boolean> {
    const kept = await this.shelf.bytes(this.source.key);
    const wanted = seededBytes(seed, 0, size);
    return kept.length === size && kept.every((byte, index) => byte === wanted[index]);
  }

  /** Bytes that came for nothing. */
  get wasted(): number {
    const { loaded: before = 0 } = this.progress[0] ?? {};
    const { loaded = 0, received = 0 } = this.progress.at(-1) ?? {};
    return received - (loaded - before);
  }
}

async function chunkDigests(): Promise<string[]> {
  const digests: string[] = [];
  for (let start = 0; start < SIZE; start += CHUNK) {
    digests.push(await sha256OfBytes(seededBytes(SEED, start, Math.min(start + CHUNK, SIZE))));
  }
  return digests;
}

/** The range of a chunk, as it is asked for. */
export function rangeOf(index: number, from = 0): string {
  return `${index * CHUNK + from}-${Math.min((index + 1) * CHUNK, SIZE) - 1}`;
}
