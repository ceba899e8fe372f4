/** A model that brings the page down does not do so for ever. */
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { DemoPage } from './pages/demo-page';

// It would serve ONNX Runtime from its own cache, past what holds the loading up here.
test.use({ serviceWorkers: 'block' });

/** ONNX Runtime itself, without which no session is made. */
const RUNTIME = /\/ort-wasm[^/]*\.wasm$/;
const PREFIX = 'photoglot-loading:';

/**
 * Opens the demo and resolves while the model is loading, which does not get anywhere: when there
 * are so many marks, its own and those that others have left.
 */
async function visit(context: BrowserContext, marks: number): Promise<Page> {
  await context.route(RUNTIME, () => undefined);
  const page = await context.newPage();
  await page.goto('./');
  await page.waitForFunction(
    ([prefix, count]) =>
      Object.keys(localStorage).filter((key) => key.startsWith(prefix)).length === count,
    [PREFIX, marks] as const,
  );
  return page;
}

async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const session = await page.context().newCDPSession(page);
  // A page that crashes gives no answer.
  session.send('Page.crash').catch(() => undefined);
  await crashed;
  await page.close();
}

/** Opens the demo and waits for the model. */
async function open(context: BrowserContext): Promise<DemoPage> {
  await context.unroute(RUNTIME);
  const demo = new DemoPage(await context.newPage());
  await demo.open();
  return demo;
}

function safeMode({ page }: DemoPage): ReturnType<Page['getByText']> {
  return page.getByText(/^The page ended 2 times while it loaded the model at .*smallest files/);
}

test('after two crashes the page starts smaller, and says so', async ({ context }) => {
  for (const marks of [1, 2]) await crash(await visit(context, marks));
  const third = await open(context);
  await expect(safeMode(third)).toBeVisible();
  await third.page.close();
  // That worked, so that the next visit is as ever.
  await expect(safeMode(await open(context))).toHaveCount(0);
});

test('leaving the page while it loads is no crash', async ({ context }) => {
  for (let time = 0; time < 3; time++) {
    const page = await visit(context, 1);
    await page.goto('about:blank');
    await page.close();
  }
  await expect(safeMode(await open(context))).toHaveCount(0);
});

test('a second tab does not take the first, which is loading, for dead', async ({ context }) => {
  const [first, second] = [await visit(context, 1), await visit(context, 2)];
  await expect(safeMode(await open(context))).toHaveCount(0);
  await first.close();
  await second.close();
});
