/** The sample site as curl meets it: a cookie jar, the four views, exactly these answers. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describeWith } from '../support/services';
import { type RunningSite, startSite } from '../support/site';

const run = promisify(execFile);

describeWith('curl', 'the sample site over curl', () => {
  let site: RunningSite;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-jar-'));
    site = await startSite((port) => ['runserver', String(port), '--noreload']);
  }, 60_000);
  afterAll(async () => {
    expect(await site.stop()).toBe(0);
    rmSync(folder, { recursive: true, force: true });
  });

  async function curl(url: string): Promise<[status: number, body: string, cookies: string[]]> {
    const jar = path.join(folder, 'jar');
    const { stdout } = await run('curl', ['-s', '-i', '-c', jar, '-b', jar, site.url + url]);
    const [head = '', ...body] = stdout.split('\r\n\r\n');
    const cookies = [...head.matchAll(/^set-cookie: (.*)$/gim)].map((match) => match[1] as string);
    return [Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), body.join('\r\n\r\n'), cookies];
  }

  it('walks set, get, delete, delete, get, set, methods', async () => {
    const [status, body, [cookie]] = await curl('/set_session/');
    expect([status, body]).toEqual([200, 'set successfully']);
    expect(cookie).toMatch(
      /^sessionid=[a-z0-9]{32}; expires=\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT; HttpOnly; Max-Age=1209600; Path=\/; SameSite=Lax$/,
    );
    expect(await curl('/get_session/')).toEqual([200, 'data is amrit panta', []]);
    expect((await curl('/delete_session/')).slice(0, 2)).toEqual([200, 'deleted successfully']);
    expect((await curl('/delete_session/')).slice(0, 2)).toEqual([200, 'session doesnot exist']);
    const [failed, page] = await curl('/get_session/');
    expect(failed).toBe(500);
    expect(page).toContain('KeyError at /get_session/');
    expect((await curl('/set_session/')).slice(0, 2)).toEqual([200, 'set successfully']);
    const [, methods, [gone]] = await curl('/get_session_method/');
    expect(methods).toContain('<p>Age: 25</p>');
    expect(methods).toContain('<p>Keys: </p>');
    expect(gone).toMatch(
      /^sessionid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=\/; SameSite=Lax$/,
    );
    expect((await curl('/get_session/'))[0]).toBe(500);
  });

  it('logged each of them as Django does', () => {
    expect(site.output()).toMatch(
      /\[\d\d\/\w{3}\/\d{4} \d\d:\d\d:\d\d\] "GET \/set_session\/ HTTP\/1\.1" 200 16\n/,
    );
    expect(site.output()).toMatch(/"GET \/get_session\/ HTTP\/1\.1" 500 \d+\n/);
    expect(site.output()).toContain('Internal Server Error: /get_session/');
  });
});
