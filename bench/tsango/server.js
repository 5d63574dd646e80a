'use strict';
/** tsango as a site runs it, from the built package. */
const http = require('node:http');
const { setup } = require('tsango');
const { configure } = require('tsango/conf');
const { setSiteRoot } = require('tsango/utils/module_loading');
const { STORE, PORT, listening, abort } = require('../peers/common');

setSiteRoot(__dirname);
configure(require('./settings').default);

async function main() {
  setup();
  if (STORE === 'sqlite' || STORE.endsWith('postgresql')) {
    await require('tsango/core/management').callCommand('migrate', { verbosity: 0 });
  }
  const { createServerListener } = require('tsango/core/handlers/node');
  const listener = createServerListener();
  const measured = process.env.BENCH_STATS === '1' ? require('./stats').around(listener) : listener;
  http.createServer(measured).listen(PORT, '127.0.0.1', () => listening('tsango'));
}

main().catch(abort);
