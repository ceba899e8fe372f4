/** What the journeys start from. */
import { test as base } from '@playwright/test';
import { DemoPage } from './pages/demo-page';

interface Fixtures {
  /** Whether the sample photos come by themselves, as for a newcomer. @default false */
  readonly newcomer: boolean;
  readonly demo: DemoPage;
}

export const test = base.extend<Fixtures>({
  newcomer: [false, { option: true }],
  context: async ({ context, newcomer }, use) => {
    if (!newcomer) await context.addInitScript(withoutSamples);
    await use(context);
  },
  demo: async ({ page }, use) => {
    await use(new DemoPage(page));
  },
});

export { expect } from '@playwright/test';

/** Runs in the page: as if the sample photos had been there and had been removed. */
export function withoutSamples(): void {
  localStorage.setItem('photoglot:samples', 'settled');
}
