/** docs/deploy.md#serve: a visitor clicks on while the production server is reloaded, and loses nothing. */
import { readFileSync } from 'node:fs';
import { journey, seen, siteFor } from './support';

journey('a site in production', (visitors) => {
  const site = siteFor({
    settings: { SESSION_ENGINE: 'tsango.contrib.sessions.backends.cached_db' },
    before: [
      ['migrate', '--verbosity', '0'],
      ['collectstatic', '--noinput', '--verbosity', '0'],
    ],
    command: ['serve', '--workers', '2', '--static', '--healthz', '/healthz', '--access-log', '-'],
  });

  it('is reloaded under its visitors', async () => {
    const page = await visitors.page();
    const failed: string[] = [];
    page.on('requestfailed', (request) => failed.push(request.url()));
    page.on('response', (response) => {
      if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(site().url('/visits/'));
    const add = async (value: string): Promise<void> => {
      await page.getByLabel('Value').fill(value);
      await page.getByRole('button', { name: 'add', exact: true }).click();
    };
    await add('0');
    const { pid } = site().server.child;
    const workers = (): string[] =>
      readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    const before = workers();
    expect(before).toHaveLength(2);
    for (let i = 1; i <= 12; i++) {
      if (i === 4) site().server.child.kill('SIGHUP');
      await add(String(i));
      if (i % 3 === 0) await page.getByRole('link', { name: 'Guests' }).click();
      if (i % 3 === 0) await page.goBack();
    }
    await page.reload();
    const cart = Array.from({ length: 13 }, (_, i) => `'${i}'`).join(', ');
    expect(await seen(page, 'dd')).toBe(`[${cart}]`);
    expect(failed).toEqual([]);
    // The old workers are gone, and two others are there.
    while (workers().some((worker) => before.includes(worker))) await page.waitForTimeout(50);
    expect(workers()).toHaveLength(2);
    expect(await (await fetch(site().url('/healthz'))).text()).toBe('ok\n');
    await site().server.shows(
      /"POST \/visits\/change\/add\/ HTTP\/1\.1" 302 0 "http:\/\/127\.0\.0\.1:\d+\/visits\/" "Mozilla/,
    );
  }, 60_000);
});
