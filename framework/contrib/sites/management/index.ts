/** What `migrate` does about sites. Django: `django.contrib.sites.management`. */
import type { AppConfig } from '../../../apps/config';
import { settings } from '../../../conf';
import { connections } from '../../../db/connections';
import { router } from '../../../db/router';
import { Site } from '../models';

/** Makes the site `example.com` where there is none: its key is SITE_ID, or 1. */
export async function createDefaultSite({
  verbosity,
  using,
}: {
  sender: AppConfig;
  verbosity: number;
  using: string;
}): Promise<void> {
  if (!router.allowMigrateModel(using, Site._meta)) return;
  const connection = connections.get(using);
  // As long as its own migrations have not run, there is nowhere to put it.
  if (!(await connection.introspection.tableNames()).includes(Site._meta.dbTable)) return;
  if (await Site.objects.using(using).exists()) return;
  const say = (text: string): void => {
    if (verbosity >= 2) process.stdout.write(`${text}\n`);
  };
  say('Creating example.com Site object');
  await new Site({ id: settings.SITE_ID ?? 1, domain: 'example.com', name: 'example.com' }).save({ using });
  // The key was given, so a sequence knows nothing of it.
  const statements = connection.ops.sequenceResetSql([Site._meta]);
  if (statements.length > 0) say('Resetting sequence');
  for (const sql of statements) await connection.execute(sql);
}
