import * as migrations from 'tsango/db/migrations';
import * as models from 'tsango/db/models';

const id = (): models.Field => new models.BigAutoField({ primaryKey: true, serialize: false });

/** Each name that a note has becomes an author. */
const makeAuthors: migrations.MigrationCode = async (apps) => {
  const [Author, Note] = [apps.getModel('sampleapp', 'Author'), apps.getModel('sampleapp', 'Note')];
  for (const name of new Set(await Note._baseManager.flat('authorName' as never))) {
    const author = await Author._baseManager.create({ name } as never);
    await Note._baseManager.filter({ authorName: name } as never).update({ author } as never);
  }
};

/** The way back: the author's name into each of the notes. */
const writeNames: migrations.MigrationCode = async (apps) => {
  for (const author of await apps.getModel('sampleapp', 'Author')._baseManager.all()) {
    const { pk, name } = author as unknown as { pk: unknown; name: string };
    const notes = apps.getModel('sampleapp', 'Note')._baseManager.filter({ author: pk } as never);
    await notes.update({ authorName: name } as never);
  }
};

export class Migration extends migrations.Migration {
  override dependencies = [['sampleapp', '0001_initial']] as const;
  override operations = [
    new migrations.CreateModel({
      name: 'Author',
      fields: [
        ['id', id()],
        ['name', new models.CharField({ maxLength: 60, unique: true })],
      ],
    }),
    new migrations.CreateModel({
      name: 'Tag',
      fields: [
        ['id', id()],
        ['name', new models.CharField({ maxLength: 30, unique: true })],
      ],
      options: { ordering: ['name'] },
    }),
    new migrations.RenameField({ modelName: 'note', oldName: 'author', newName: 'author_name' }),
    new migrations.AlterField({
      modelName: 'note',
      name: 'author_name',
      field: new models.CharField({ maxLength: 60, default: '' }),
    }),
    new migrations.AddField({
      modelName: 'note',
      name: 'author',
      field: new models.ForeignKey('sampleapp.author', {
        onDelete: models.CASCADE,
        relatedName: 'notes',
        null: true,
      }),
    }),
    new migrations.RunCode(makeAuthors, writeNames),
    new migrations.AlterField({
      modelName: 'note',
      name: 'author',
      field: new models.ForeignKey('sampleapp.author', { onDelete: models.CASCADE, relatedName: 'notes' }),
    }),
    new migrations.RemoveField({ modelName: 'note', name: 'author_name' }),
    new migrations.AddField({
      modelName: 'note',
      name: 'tags',
      field: new models.ManyToManyField('sampleapp.tag', { blank: true, relatedName: 'notes' }),
    }),
  ];
}
