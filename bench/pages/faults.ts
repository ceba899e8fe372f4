/** An application that downloads models, and tells what it got: the bytes, not what was promised. */
import { createLens, isPhotoglotError, openModelCache, PauseController } from 'photoglot';
import type { DeliveryProgress, Lens } from 'photoglot';
import type {
  FaultFailure,
  FaultOutcome,
  FaultProgress,
  FaultsPage,
  HandedOut,
  LensOutcome,
} from './faults-page';

const models = openModelCache();
const pause = new PauseController();
let aborting = new AbortController();
const reports: FaultProgress[] = [];
/** Kept, so that their models stay in use. */
const lenses: Lens[] = [];

const faults: FaultsPage = {
  async download({ model, ...options }): Promise<FaultOutcome> {
    try {
      const done = await models.download(model, {
        ...options,
        pause,
        signal: aborting.signal,
        onProgress: note,
      });
      const { integrity, stored } = done;
      return { ok: true, files: await readAll(done.files), integrity, stored };
    } catch (thrown) {
      return failureOf(thrown);
    }
  },
  progress: () => reports,
  abort: () => {
    aborting.abort();
    aborting = new AbortController();
  },
  pause: () => {
    pause.pause();
  },
  resume: () => {
    pause.resume();
  },
  list: () => models.list(),
  verify: (key) => models.verify(key),
  async encode({ model, mirrors = [] }, text) {
    try {
      const lens = await createLens({ model, mirrors, unloadAfter: null });
      lenses.push(lens);
      return await vectorOf(lens, text);
    } catch (thrown) {
      return failureOf(thrown);
    }
  },
  unload: async () => lenses.at(-1)?.unload(),
  async encodeAgain(text) {
    const lens = lenses.at(-1);
    if (lens === undefined) throw new Error('There is no lens.');
    return vectorOf(lens, text).catch(failureOf);
  },
};

async function vectorOf(lens: Lens, text: string): Promise<LensOutcome> {
  const { data } = await lens.embedText([text]);
  return { ok: true, length: Math.hypot(...data) };
}

function note({ state, loaded }: DeliveryProgress): void {
  reports.push({ state, loaded });
}

async function readAll(
  files: Readonly<Record<string, Blob>>,
): Promise<Readonly<Record<string, HandedOut>>> {
  const read: Record<string, HandedOut> = {};
  // One after the other: five pages may do so at a time.
  for (const [name, blob] of Object.entries(files)) {
    const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
    read[name] = { size: blob.size, sha256: hex(new Uint8Array(digest)) };
  }
  return read;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function failureOf(thrown: unknown): FaultFailure {
  if (isPhotoglotError(thrown)) return { ok: false, code: thrown.code, message: thrown.message };
  return { ok: false, code: 'untyped', message: String(thrown) };
}

window.faults = faults;
