// A script (or a test run) that has used PostgreSQL or MySQL ends by itself, as one that used SQLite or Redis does.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describeWith, SERVICES } from '../support/services';

const ROOT = path.resolve(__dirname, '..', '..');

for (const engine of ['postgresql', 'mysql'] as const) {
  describeWith(engine, engine, () => {
    it.each(['execute', 'atomic'])(
      'a script that used it (%s) ends',
      (how) => {
        const { host: HOST, port: PORT, user: USER, database: NAME } = SERVICES[engine];
        const use =
          how === 'execute'
            ? "connections.get().execute('SELECT 1 AS a')"
            : "connections.get().atomic(() => connections.get().execute('SELECT 1 AS a'))";
        const script = `
        import { configure } from 'tsango/conf';
        import { connections } from 'tsango/db';
        configure({ SECRET_KEY: 'x', DATABASES: { default: ${JSON.stringify({ ENGINE: engine, HOST, PORT, USER, NAME })} } });
        void Promise.resolve(${use}).then(() => console.log('done'));`;
        const child = spawnSync(
          process.execPath,
          [path.join(ROOT, 'node_modules/ts-node/dist/bin.js'), '-e', script],
          {
            cwd: ROOT,
            encoding: 'utf8',
            timeout: 20_000,
          },
        );
        expect(child.stdout).toContain('done');
        // 'SIGTERM': it was still running when the time was over.
        expect(child.signal).toBeNull();
      },
      30_000,
    );
  });
}
