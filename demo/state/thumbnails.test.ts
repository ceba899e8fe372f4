import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Thumbnails } from './thumbnails';

const open = new Set<string>();

beforeEach(() => {
  const create = URL.createObjectURL.bind(URL);
  const revoke = URL.revokeObjectURL.bind(URL);
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    const url = create(blob);
    open.add(url);
    return url;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => {
    open.delete(url);
    revoke(url);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  open.clear();
});

const picture = (id: string): Promise<Blob> => Promise.resolve(new Blob([id]));

describe('Thumbnails', () => {
  it('reads a picture once for all who show it', async () => {
    const read = vi.fn(picture);
    const thumbnails = new Thumbnails(read);
    const urls = await Promise.all([thumbnails.acquire('a'), thumbnails.acquire('a')]);
    expect(urls[0]).toBe(urls[1]);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('keeps what is shown and some of what was, and revokes the rest', async () => {
    const thumbnails = new Thumbnails(picture);
    const shown = await thumbnails.acquire('shown');
    for (let index = 0; index < 600; index += 1) {
      await thumbnails.acquire(String(index));
      thumbnails.release(String(index));
    }
    await Promise.resolve();
    expect(open.size).toBeLessThan(300);
    expect(open.has(shown ?? '')).toBe(true);
    thumbnails.clear();
    await Promise.resolve();
    expect(open.size).toBe(0);
  });

  it('tries again after a failure', async () => {
    const read = vi.fn(picture).mockRejectedValueOnce(new Error('The store is busy.'));
    const thumbnails = new Thumbnails(read);
    expect(await thumbnails.acquire('a')).toBeNull();
    thumbnails.release('a');
    expect(await thumbnails.acquire('a')).toMatch(/^blob:/);
  });
});
