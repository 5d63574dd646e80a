/** Serves the site of `site.ts` until its parent goes: `serve.ts FOLDER`, on BENCH_PORT if that is set. Says its port. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServerListener } from 'tsango/core/handlers/node';
import { makeSite } from './site';

async function main(): Promise<void> {
  await makeSite(process.argv[2] ?? '');
  const server = http.createServer(createServerListener());
  server.listen(Number(process.env['BENCH_PORT'] ?? 0), '127.0.0.1', () =>
    process.send?.((server.address() as AddressInfo).port),
  );
  process.on('disconnect', () => process.exit());
}

void main();
