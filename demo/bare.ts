/**
 * The SDK and nothing else: indexes the picked photos and prints what came of it, together with
 * the main thread's long tasks meanwhile. For measuring; picking the files is not measured.
 */
import { createLens } from 'photoglot';

/** Milliseconds of each task on the main thread that took more than 50. */
const longTasks: number[] = [];

const input = document.querySelector('input');
const output = document.querySelector('output');

document.querySelector('button')?.addEventListener('click', () => {
  void index([...(input?.files ?? [])]).then((result) => {
    if (output !== null) output.textContent = JSON.stringify(result);
  });
});

async function index(files: readonly File[]): Promise<object> {
  const observer = new PerformanceObserver((list) => {
    longTasks.push(...list.getEntries().map(({ duration }) => duration));
  });
  observer.observe({ type: 'longtask' });
  const lens = await createLens({ model: 'mini' });
  const photos = await lens.open('bare');
  const { added, failed } = await photos.add(files);
  longTasks.push(...observer.takeRecords().map(({ duration }) => duration));
  await lens.dispose();
  return { added: added.length, failed: failed.length, longTasks };
}
