/** A browser for tests. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { SERVICES } from './services';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser of CHROMIUM. Names that end in `.example` are this machine's. */
export function launch(): Promise<Browser> {
  const names = '--host-resolver-rules=MAP *.example 127.0.0.1';
  return chromium.launch({ executablePath: SERVICES.chromium, args: [...FLAGS, names] });
}

/** Opens a page in a context of its own; what its console says of errors is in `errors`. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return { page, errors };
}
