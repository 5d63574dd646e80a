/**
 * How the cost of a request grows: `npm run bench:growth [-- --quick] [--json FILE]`. One process, no network:
 * microseconds a request through the whole handler, the making of the request included.
 */

import path from 'node:path';
import { parseArgs } from 'node:util';
import { setup } from 'tsango';
import { configure } from 'tsango/conf';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { type Curve, curves, SESSION_MIDDLEWARE, urlpatterns } from './growth_curves';
import { inFolder, runMain, writeReport } from './prepare';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
});

function print({ what, points }: Curve): void {
  process.stdout.write(`\n${what}\n`);
  for (const [size, microseconds] of points) {
    process.stdout.write(
      `${String(size).padStart(12)}  ${microseconds.toFixed(1).padStart(8)} µs of processor time a request\n`,
    );
  }
}

runMain(async () => {
  const measured: Curve[] = [];
  await inFolder([], async (folder) => {
    configure({
      SECRET_KEY: 'benchmark-secret-key-of-more-than-fifty-characters-0123456789',
      ALLOWED_HOSTS: ['*'],
      ROOT_URLCONF: { urlpatterns } as unknown as string,
      INSTALLED_APPS: ['tsango.contrib.sessions'],
      MIDDLEWARE: [SESSION_MIDDLEWARE],
      DATABASES: { default: { ENGINE: 'better-sqlite3', NAME: path.join(folder, 'db.sqlite3') } },
    });
    setup();
    await callCommand('migrate', { verbosity: 0 });
    for await (const curve of curves(options.quick)) {
      measured.push(curve);
      print(curve);
    }
    await connections.closeAll();
  });
  await writeReport(options.json, [], { curves: measured });
});
