import * as migrations from 'tsango/db/migrations';

export class Migration extends migrations.Migration {
  override initial = true;
  override dependencies = [['auth', '0001_initial'] as const];
  override operations = [
    new migrations.CreateModel({
      name: 'Editor',
      fields: [],
      options: { proxy: true, permissions: [['publish', 'Can publish']] },
      bases: ['auth.user'],
    }),
  ];
}
