/** The model comes once, whatever happens to the tabs that want it. */
import type { BrowserContext, Route } from '@playwright/test';
import { expect, test } from './fixtures';
import { DemoPage } from './pages/demo-page';

// What it serves from its own cache would not be seen here.
test.use({ serviceWorkers: 'block' });

const FILES = /\/models\/mini\/(?!manifest)[^/]+$/;
/** The largest file has two chunks; this is the second one's request. */
const SECOND_CHUNK = 'text.onnx bytes=8388608-';

/** Requests for the model's files, as `name range`, in order; `hold` keeps one from being answered. */
async function watchModel(
  context: BrowserContext,
  hold: (request: string) => boolean = () => false,
): Promise<readonly string[]> {
  const asked: string[] = [];
  await context.route(FILES, async (route: Route) => {
    const { pathname } = new URL(route.request().url());
    const name = pathname.split('/').at(-1) ?? '';
    const request = `${name} ${route.request().headers().range ?? 'whole'}`;
    asked.push(request);
    if (!hold(request)) await route.continue();
  });
  return asked;
}

test('two tabs that open at once download the model once', async ({ context }) => {
  const asked = await watchModel(context);
  const tabs = [new DemoPage(await context.newPage()), new DemoPage(await context.newPage())];
  await Promise.all(tabs.map((tab) => tab.open()));
  expect(asked.filter((request) => request.startsWith(SECOND_CHUNK))).toHaveLength(1);
  expect(new Set(asked).size).toBe(asked.length);
});

test('a tab that is closed in the middle leaves only the rest to download', async ({ context }) => {
  let isHeld = false;
  const asked = await watchModel(context, (request) => {
    const holds = !isHeld && request.startsWith(SECOND_CHUNK);
    isHeld ||= holds;
    return holds;
  });
  const first = await context.newPage();
  await first.goto('./');
  // The smaller files are there by then, or on their way in one chunk each.
  await expect.poll(() => isHeld).toBe(true);
  await first.close();
  const before = asked.length;
  await new DemoPage(await context.newPage()).open();
  const rest = asked.slice(before);
  expect(rest.filter((request) => request.startsWith(SECOND_CHUNK))).toHaveLength(1);
  expect(rest.filter((request) => request.startsWith('text.onnx bytes=0-'))).toEqual([]);
});
