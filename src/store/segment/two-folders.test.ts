import { expect, test } from 'vitest';
import type { SegmentFolder } from './segment-file';
import { MemoryFolder } from './test-workers/memory-folder';
import { TwoFolders } from './two-folders';

async function write(folder: SegmentFolder, name: string): Promise<void> {
  const file = await folder.create(name);
  await file.write(0, Uint8Array.of(1, 2, 3));
  await file.finish();
}

test('files of both are found, listed and removed; new ones go to the first', async () => {
  const [first, second] = [new MemoryFolder(), new MemoryFolder()];
  await write(second, 'old');
  const both = new TwoFolders(first, second);
  await write(both, 'new');
  expect(await first.names()).toEqual(['new']);
  expect([...(await both.names())].sort()).toEqual(['new', 'old']);
  expect((await both.open('old')).size).toBe(3);
  expect((await both.open('new')).size).toBe(3);
  await expect(both.open('none')).rejects.toMatchObject({ code: 'not-found' });
  await both.remove('old');
  await both.remove('new');
  await both.remove('none');
  expect(await both.names()).toEqual([]);
});

test('a first folder that cannot be read does not look like one without the file', async () => {
  const broken = new MemoryFolder();
  broken.open = () => Promise.reject(new Error('busy'));
  const second = new MemoryFolder();
  await write(second, 'a');
  await expect(new TwoFolders(broken, second).open('a')).rejects.toThrow('busy');
});
