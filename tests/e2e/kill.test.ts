/** A server that is killed in the middle of writing loses no session that it had acknowledged. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { freePort, ROOT, type RunningSite, startSite } from '../support/site';

const TS_NODE = path.join(ROOT, 'node_modules', 'ts-node', 'dist', 'bin.js');

const CLIENTS = 8;

interface Acknowledged {
  cookie: string;
  note: string;
}

/** Sends writes, a few at a time, until the server is gone. */
async function writeUntilKilled(
  site: RunningSite,
  total: number,
  killAfter: number,
): Promise<{ acknowledged: Acknowledged[]; sent: number }> {
  const acknowledged: Acknowledged[] = [];
  let sent = 0;
  let killed = false;
  const worker = async (): Promise<void> => {
    while (sent < total && !killed) {
      sent++;
      try {
        const response = await fetch(`${site.url}/set_session/`);
        const text = await response.text();
        const cookie = /sessionid=\w+/.exec(response.headers.get('set-cookie') ?? '')?.[0];
        if (response.status === 200 && text === 'set successfully' && cookie)
          acknowledged.push({ cookie, note: text });
      } catch {
        return; // The server is gone, and this write was not acknowledged.
      }
      if (acknowledged.length >= killAfter && !killed) {
        killed = true;
        site.child.kill('SIGKILL');
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, worker));
  return { acknowledged, sent };
}

describe('kill -9', () => {
  it('in the middle of 1,000 writes loses no acknowledged session', async () => {
    const site = await startSite((port) => ['runserver', String(port), '--noreload']);
    const gone = new Promise((resolve) => site.child.once('exit', resolve));
    const { acknowledged, sent } = await writeUntilKilled(site, 1000, 500);
    await gone;
    expect(acknowledged.length).toBeGreaterThanOrEqual(500);
    expect(acknowledged.length).toBeLessThan(1000);
    // No more fails than was being answered.
    expect(sent - acknowledged.length).toBeLessThanOrEqual(CLIENTS);

    const port = await freePort();
    const again = spawn(process.execPath, [TS_NODE, 'manage.ts', 'runserver', String(port), '--noreload'], {
      cwd: ROOT,
      env: { ...process.env, ...site.env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      await new Promise<void>((resolve, reject) => {
        again.stdout.on(
          'data',
          (chunk: Buffer) => chunk.includes('Starting development server') && resolve(),
        );
        again.once('exit', () => reject(new Error('The server did not start again.')));
      });
      const lost: string[] = [];
      for (const { cookie } of acknowledged) {
        const response = await fetch(`http://127.0.0.1:${port}/get_session/`, { headers: { cookie } });
        if ((await response.text()) !== 'data is amrit panta') lost.push(cookie);
      }
      process.stdout.write(
        `kill -9 under writes: ${sent} requests sent, ${acknowledged.length} answered, ${sent - acknowledged.length} failed; ${lost.length} acknowledged sessions lost\n`,
      );
      expect(lost).toEqual([]);
    } finally {
      const ended = new Promise((resolve) => again.once('exit', resolve));
      again.kill('SIGTERM');
      await ended;
      await site.stop();
    }
  }, 120_000);
});
