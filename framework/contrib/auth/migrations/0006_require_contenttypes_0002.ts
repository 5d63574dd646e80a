import * as migrations from '../../../db/migrations';

/** Content types are made after `migrate`, and need their table as it is since then. */
export class Migration extends migrations.Migration {
  override dependencies = [
    ['auth', '0005_alter_user_last_login_null'] as const,
    ['contenttypes', '0002_remove_content_type_name'] as const,
  ];
  override operations = [];
}
