/** The demo as a person uses it. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { Upload } from '../support/pictures';

/** A hundred photos on a slow machine. */
const INDEXING_MS = 150_000;

export class DemoPage {
  readonly page: Page;
  readonly searchBox: Locator;
  /** The photos in view, each named by its file and, in a search, its score. */
  readonly photos: Locator;
  readonly dialog: Locator;
  readonly activity: Locator;
  readonly status: Locator;

  constructor(page: Page) {
    this.page = page;
    this.searchBox = page.getByRole('searchbox');
    this.photos = page.locator('pg-tile .open');
    this.dialog = page.locator('pg-photo-dialog dialog');
    this.activity = page.getByRole('region', { name: 'Activity' });
    this.status = page.getByRole('status');
  }

  /** Opens the demo and waits for the model. */
  async open(url = './'): Promise<void> {
    await this.page.goto(url);
    await this.ready();
  }

  async ready(): Promise<void> {
    await expect(this.page.getByText(/^Model mini .* running/)).toBeVisible();
  }

  /** Adds files and waits until each of them has been dealt with. */
  async add(files: readonly Upload[] | readonly string[]): Promise<void> {
    await this.pick(files);
    await this.indexed();
  }

  /** Hands files to "Add photos". */
  async pick(files: readonly Upload[] | readonly string[]): Promise<void> {
    const input = this.page.getByLabel('Add photos', { exact: true }).first();
    await input.setInputFiles([...files] as Upload[] | string[]);
  }

  async indexed(): Promise<void> {
    await expect(this.activity).toContainText(/ added/, { timeout: INDEXING_MS });
    await expect(this.activity.getByRole('progressbar')).toHaveCount(0);
  }

  /** Types a query and waits for its answer. */
  async search(text: string): Promise<void> {
    await this.searchBox.fill(text);
    await this.answered(text);
  }

  async answered(text: string): Promise<void> {
    await expect(this.heading(new RegExp(`^Best matches for “.${text}.”$`))).toBeVisible();
    await this.settled();
  }

  /** Searches for photos like a picture end here too. */
  async settled(): Promise<void> {
    await expect(this.page.locator('main')).toHaveAttribute('aria-busy', 'false');
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { name });
  }

  /** The best photo of a search. */
  get first(): Locator {
    return this.photos.first();
  }

  photo(name: string): Locator {
    return this.photos.filter({ hasText: name });
  }

  /** Says why a file was not added. */
  async reasonFor(file: string): Promise<string> {
    const list = this.activity.locator('details');
    if ((await list.getAttribute('open')) === null) await list.locator('summary').click();
    return list.getByRole('listitem').filter({ hasText: file }).locator('.reason').innerText();
  }

  /** Resolves when the page would work without its server. */
  async offlineReady(): Promise<void> {
    await this.page.evaluate(async () => {
      const { active } = await navigator.serviceWorker.ready;
      if (active === null) throw new Error('No active service worker.');
      if (navigator.serviceWorker.controller !== null) return;
      await new Promise((resolve) => {
        navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true });
      });
    });
  }
}
