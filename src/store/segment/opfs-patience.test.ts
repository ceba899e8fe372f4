/** A file system that does not answer. */
import { afterEach, expect, test, vi } from 'vitest';
import { openOpfsFolder } from './opfs-folder';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function stubFiles(folder: object): void {
  vi.stubGlobal('FileSystemSyncAccessHandle', Object);
  const getDirectory = (): Promise<object> => Promise.resolve(folder);
  vi.stubGlobal('navigator', { storage: { getDirectory } });
}

test('is not waited for, and what it gives too late is closed', async () => {
  vi.useFakeTimers();
  const close = vi.fn();
  let answer: (handle: object) => void = () => undefined;
  const file = {
    createSyncAccessHandle: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  };
  stubFiles({ getFileHandle: () => Promise.resolve(file) });
  const folder = await openOpfsFolder([]);
  const creating = expect(folder?.create('a')).rejects.toMatchObject({ code: 'storage' });
  await vi.advanceTimersByTimeAsync(10_000);
  await creating;
  answer({ close });
  await vi.advanceTimersByTimeAsync(0);
  expect(close).toHaveBeenCalledOnce();
});

test('one that fails is not taken for one that is not there', async () => {
  vi.stubGlobal('FileSystemSyncAccessHandle', Object);
  const fail = (name: string) => () => Promise.reject(new DOMException('no', name));
  vi.stubGlobal('navigator', { storage: { getDirectory: fail('UnknownError') } });
  await expect(openOpfsFolder([])).rejects.toMatchObject({ code: 'storage' });
  vi.stubGlobal('navigator', { storage: { getDirectory: fail('SecurityError') } });
  expect(await openOpfsFolder([])).toBeNull();
});
