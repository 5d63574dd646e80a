/**
 * Runs what was compiled of a page, in the folder of its site. Its argument is a list of [kind, module, where]:
 * a module is imported and its `sample()` called; settings configure the site, which is then checked and asked.
 */
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const site = createRequire();

function createRequire() {
  return require('node:module').createRequire(pathToFileURL(path.join(process.cwd(), 'manage.js')));
}

async function module_([, file]) {
  await site(`./${file}`).sample?.();
}

async function settings_([, file]) {
  const { configure } = site('tsango/conf');
  configure({ ...site('./mysite/settings').default, ...site(`./${file}`).default });
  site('tsango').setup();
  await site('tsango/core/management').callCommand('check', { stdout: { write() {} } });
  // Makes the middleware and the template engines; what the page says is not asked of a server.
  site('tsango/core/handlers/base');
  const { settings } = site('tsango/conf');
  for (const dotted of settings.MIDDLEWARE) site('tsango/utils/module_loading').importString(dotted);
  site('tsango/template').engines.all();
}

async function main() {
  const steps = JSON.parse(process.argv[2]);
  if (steps[0][0] === 'module') {
    process.env.TSANGO_SETTINGS_MODULE = 'mysite.settings';
    process.env.DATABASE = ':memory:';
    site('tsango').setup();
    await site('tsango/core/management').callCommand('migrate', { verbosity: 0, runSyncdb: true });
  }
  const failed = [];
  for (const step of steps) {
    try {
      await (step[0] === 'module' ? module_ : settings_)(step);
    } catch (error) {
      failed.push(`${step[2]}: ${error?.stack ?? error}`);
    }
  }
  process.stdout.write(`\n${JSON.stringify(failed)}\n`);
  process.exit(failed.length === 0 ? 0 : 1);
}

main().catch((error) => {
  process.stdout.write(`\n${JSON.stringify([String(error?.stack ?? error)])}\n`);
  process.exit(1);
});
