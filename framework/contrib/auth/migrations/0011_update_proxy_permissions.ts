import type { DatabaseSchemaEditor } from '../../../db/backends/base/schema';
import { IntegrityError } from '../../../db/errors';
import * as migrations from '../../../db/migrations';
import type { StateApps } from '../../../db/migrations/state';
import type { ContentTypeManager } from '../../contenttypes/models';
import { allPermissions } from '../permission_names';

/** The permissions of a proxy are of its own content type since then. */
async function move(apps: StateApps, editor: DatabaseSchemaEditor, back: boolean): Promise<void> {
  const { connection } = editor;
  const Permission = apps.getModel('auth', 'Permission');
  const ContentType = apps.getModel('contenttypes', 'ContentType');
  const types = (ContentType.objects as unknown as ContentTypeManager).dbManager(connection.alias);
  for (const meta of apps.all().filter(({ proxy }) => proxy)) {
    const own = await types.forOptions(meta);
    const concrete = await types.forOptions(meta.concreteModel);
    const [from, to] = back ? [own, concrete] : [concrete, own];
    const named = allPermissions(meta).map(([codename]) => codename);
    const rows = Permission.objects
      .using(connection.alias)
      .filter({ codename__in: named, contentType: from.id } as never);
    try {
      await connection.atomic(() => rows.update({ contentType: to.id } as never));
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      const name = (type: { appLabel: string; model: string }): string => `${type.appLabel}_${type.model}`;
      process.stdout.write(
        `\n    A problem arose migrating proxy model permissions for ${name(from)} to ${name(to)}.\n\n` +
          `      Permission(s) for ${name(to)} already existed.\n      Codenames: ${named.join(', ')}\n\n` +
          `    Ensure to audit ALL permissions for ${name(from)} and ${name(to)}.\n`,
      );
    }
  }
}

const forwards = (apps: StateApps, editor: DatabaseSchemaEditor): Promise<void> => move(apps, editor, false);
const backwards = (apps: StateApps, editor: DatabaseSchemaEditor): Promise<void> => move(apps, editor, true);

export class Migration extends migrations.Migration {
  override dependencies = [
    ['auth', '0010_alter_group_name_max_length'] as const,
    ['contenttypes', '0002_remove_content_type_name'] as const,
  ];
  override operations = [new migrations.RunCode(forwards, backwards)];
}
