import { expect, test } from 'vitest';
import { cacheUsage } from './cache-usage';
import { MemoryStorage } from './memory-storage';
import { chunkOf, keepFile, modelRecord, someBytes } from './test-workers/model-data';

test('counts what models share once, and what has arrived of the rest', async () => {
  const storage = new MemoryStorage();
  await storage.writeModel(modelRecord('one', { text: 'shared', image: 'a', again: 'a' }));
  await storage.writeModel(modelRecord('two', { text: 'shared', image: 'half', other: 'none' }));
  await keepFile(storage, 'shared', someBytes(1000));
  await keepFile(storage, 'a', someBytes(200));
  await storage.begin({ key: 'half', chunkSize: 30, size: 60 });
  await storage.append('half', chunkOf(0, someBytes(30)));
  const told = { usage: 5000, quota: 9000 };
  const usage = await cacheUsage({
    storage,
    estimate: () => Promise.resolve(told),
    isPersisted: () => Promise.resolve(true),
  });
  expect(usage).toEqual({ models: 1230, ...told, persisted: true });
});

test('says null where the browser tells nothing', async () => {
  const usage = await cacheUsage({
    storage: new MemoryStorage(),
    estimate: () => Promise.resolve(null),
    isPersisted: () => Promise.resolve(false),
  });
  expect(usage).toEqual({ models: 0, usage: null, quota: null, persisted: false });
});
