import { readFileSync } from 'node:fs';
import path from 'node:path';
import { whyWithoutEffect } from 'tsango/conf/accepted_settings';
import { globalSettings } from 'tsango/conf/global_settings';

const DOCUMENT = path.resolve(__dirname, '..', '..', 'docs', 'settings.md');

describe('docs/settings.md', () => {
  const rows = new Map(
    [...readFileSync(DOCUMENT, 'utf8').matchAll(/^\| `([A-Z0-9_]+)` \| (.*?) \| (.*) \|$/gm)].map(
      ([, name, standard, text]) => [name as string, { standard, text }],
    ),
  );

  it('names every setting, and no other', () => {
    expect([...rows.keys()].sort()).toEqual(Object.keys(globalSettings()).sort());
  });

  const module = (name: string): string =>
    whyWithoutEffect(name) === undefined ? 'global_settings' : 'accepted_settings';

  it('says its default', () => {
    for (const [name, value] of Object.entries(globalSettings())) {
      const { standard, text } = rows.get(name) ?? {};
      const json = JSON.stringify(value).replaceAll('"', "'");
      expect([name, standard]).toEqual([
        name,
        json.length > 70 && !standard?.startsWith('`')
          ? `see [${module(name)}.ts](https://github.com/tsango/tsango/blob/main/framework/conf/${module(name)}.ts)`
          : `\`${json}\``,
      ]);
      expect([name, text]).not.toEqual([name, '']);
    }
  });
});
