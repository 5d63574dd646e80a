import type { DatabaseSchemaEditor } from '../../../db/backends/base/schema';
import * as migrations from '../../../db/migrations';
import type { StateApps } from '../../../db/migrations/state';
import * as models from '../../../db/models';
import { installedModels } from '../../../db/models/registry';

/** What the column had before it went. */
async function addLegacyName(apps: StateApps, editor: DatabaseSchemaEditor): Promise<void> {
  const ContentType = apps.getModel('contenttypes', 'ContentType');
  const { alias } = editor.connection;
  for (const type of await ContentType.objects.using(alias)) {
    const key = `${String(type['appLabel'])}.${String(type['model'])}`;
    type['name'] = installedModels.find(key)?.objectName ?? type['model'];
    await type.save({ using: alias });
  }
}

export class Migration extends migrations.Migration {
  override dependencies = [['contenttypes', '0001_initial'] as const];
  override operations = [
    new migrations.AlterModelOptions({
      name: 'contenttype',
      options: { verboseName: 'content type', verboseNamePlural: 'content types' },
    }),
    new migrations.AlterField({
      modelName: 'contenttype',
      name: 'name',
      field: new models.CharField({ maxLength: 100, null: true }),
    }),
    new migrations.RunCode(migrations.RunCode.noop, addLegacyName),
    new migrations.RemoveField({ modelName: 'contenttype', name: 'name' }),
  ];
}
