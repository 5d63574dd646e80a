import * as migrations from 'tsango/db/migrations';
import * as models from 'tsango/db/models';
import { Lower } from 'tsango/db/models/functions';

export class Migration extends migrations.Migration {
  override initial = true;
  override dependencies = [['contenttypes', '0002_remove_content_type_name']];
  override operations = [
    new migrations.CreateModel({
      name: 'Unmanaged',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
        ['n', new models.IntegerField()],
      ],
      options: { managed: false },
    }),
    new migrations.CreateModel({
      name: 'Plain',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
        [
          'char',
          new models.CharField({
            dbIndex: true,
            helpText: 'short',
            maxLength: 20,
            verboseName: 'a text',
          }),
        ],
        ['slug', new models.SlugField({ unique: true })],
        ['text', new models.TextField({ blank: true, default: '' })],
        ['email', new models.EmailField({ maxLength: 254 })],
        ['url', new models.URLField({ null: true })],
        [
          'choice',
          new models.CharField({
            choices: [
              ['a', 'A'],
              ['b', 'B'],
            ],
            default: 'a',
            maxLength: 2,
          }),
        ],
        ['integer', new models.IntegerField({ default: 0 })],
        ['big', new models.BigIntegerField({ dbColumn: 'big_one' })],
        ['small', new models.SmallIntegerField({ blank: true, null: true })],
        ['positive', new models.PositiveIntegerField()],
        ['positive_big', new models.PositiveBigIntegerField({ null: true })],
        ['positive_small', new models.PositiveSmallIntegerField({ default: 3 })],
        ['boolean', new models.BooleanField({ default: false })],
        ['perhaps', new models.BooleanField({ null: true })],
        ['decimal', new models.DecimalField({ decimalPlaces: 3, maxDigits: 8 })],
        ['float', new models.FloatField()],
        ['date', new models.DateField({ autoNow: true })],
        ['time', new models.TimeField({ null: true })],
        ['instant', new models.DateTimeField({ autoNowAdd: true })],
        ['duration', new models.DurationField({ null: true })],
        ['binary', new models.BinaryField({ null: true })],
        ['uuid', new models.UUIDField({ null: true, unique: true })],
        ['ip', new models.GenericIPAddressField({ null: true, protocol: 'IPv4' })],
        ['json', new models.JSONField({ default: () => ({}) })],
        ['file', new models.FileField({ maxLength: 150, uploadTo: 'files' })],
        ['path', new models.FilePathField({ null: true, path: '/tmp' })],
      ],
      options: {
        ordering: ['-integer', 'char'],
        verboseName: 'plain thing',
        verboseNamePlural: 'plain things',
        getLatestBy: 'instant',
      },
    }),
    new migrations.CreateModel({
      name: 'Circle',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
      ],
    }),
    new migrations.CreateModel({
      name: 'First',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
        ['name', new models.CharField({ maxLength: 30 })],
      ],
      options: { ordering: ['name'] },
    }),
    new migrations.CreateModel({
      name: 'HasTags',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
      ],
    }),
    new migrations.CreateModel({
      name: 'Keyed',
      fields: [
        ['code', new models.CharField({ maxLength: 10, primaryKey: true, serialize: false })],
        ['number', new models.IntegerField({ unique: true })],
      ],
      options: {
        dbTable: 'everything_with_a_table_name_that_is_quite_a_bit_too_long_for_it',
        dbTableComment: 'has keys',
      },
    }),
    new migrations.CreateModel({
      name: 'OnlyPostgres',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
      ],
      options: { requiredDbVendor: 'postgresql' },
    }),
    new migrations.CreateModel({
      name: 'SmallKey',
      fields: [['id', new models.SmallAutoField({ primaryKey: true, serialize: false })]],
    }),
    new migrations.CreateModel({
      name: 'UuidKey',
      fields: [
        ['id', new models.UUIDField({ primaryKey: true, serialize: false })],
        ['commented', new models.IntegerField({ dbComment: 'a number' })],
      ],
    }),
    new migrations.CreateModel({
      name: 'Child',
      fields: [
        [
          'plain_ptr',
          new models.OneToOneField({
            autoCreated: true,
            onDelete: 'CASCADE',
            parentLink: true,
            primaryKey: true,
            serialize: false,
            to: 'everything.plain',
          }),
        ],
        ['extra', new models.TextField()],
      ],
      options: { ordering: ['-integer', 'char'], getLatestBy: 'instant' },
      bases: ['everything.plain'],
    }),
    new migrations.CreateModel({
      name: 'Between',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
        ['since', new models.DateField()],
        [
          'other',
          new models.ForeignKey({
            null: true,
            onDelete: models.CASCADE,
            relatedName: '+',
            to: 'everything.plain',
          }),
        ],
        ['plain', new models.ForeignKey({ onDelete: models.CASCADE, to: 'everything.plain' })],
      ],
    }),
    new migrations.CreateModel({
      name: 'Shown',
      fields: [],
      options: { ordering: ['-name'], proxy: true },
      bases: ['everything.first'],
    }),
    new migrations.CreateModel({
      name: 'Indexed',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
        ['a', new models.IntegerField()],
        ['b', new models.CharField({ maxLength: 20, null: true })],
        ['c', new models.DateField()],
      ],
      options: {
        indexes: [
          new models.Index({ fields: ['a', '-c'], name: 'everything__a_933c7c_idx' }),
          new models.Index({
            fields: ['b'],
            name: 'partial',
            condition: new models.Q({ a__gt: 0 }),
          }),
          new models.Index({ fields: ['c'], name: 'covering', include: ['a'] }),
          new models.Index(Lower(models.F('b')), models.F('a').desc(), { name: 'expressions' }),
        ],
        constraints: [
          new models.UniqueConstraint({ fields: ['a', 'b'], name: 'both' }),
          new models.UniqueConstraint({
            fields: ['a'],
            condition: new models.Q({ b__isnull: false }),
            name: 'some',
          }),
          new models.UniqueConstraint({ fields: ['c'], deferrable: 'deferred', name: 'later' }),
          new models.UniqueConstraint(Lower(models.F('b')), { name: 'lowered' }),
          new models.UniqueConstraint({ fields: ['b'], include: ['c'], name: 'with_more' }),
        ],
      },
    }),
    new migrations.AddField({
      modelName: 'first',
      name: 'owner',
      field: new models.ForeignKey({
        onDelete: models.CASCADE,
        relatedName: '%(app_label)s_%(class)s_owned',
        to: 'everything.keyed',
      }),
    }),
    new migrations.CreateModel({
      name: 'Related',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
        [
          'by_code',
          new models.ForeignKey({
            dbConstraint: false,
            dbIndex: false,
            onDelete: models.DO_NOTHING,
            to: 'everything.keyed',
          }),
        ],
        [
          'by_number',
          new models.ForeignKey({
            dbColumn: 'num',
            onDelete: models.PROTECT,
            relatedName: '+',
            to: 'everything.keyed',
            toField: 'number',
          }),
        ],
        ['friends', new models.ManyToManyField({ symmetrical: false, to: 'everything.related' })],
        [
          'keys',
          new models.ManyToManyField({
            dbTable: 'related_keys',
            relatedName: 'relateds',
            to: 'everything.keyed',
          }),
        ],
        [
          'parent',
          new models.ForeignKey({
            null: true,
            onDelete: models.CASCADE,
            relatedName: 'children',
            to: 'everything.related',
          }),
        ],
        [
          'plains',
          new models.ManyToManyField({
            through: 'everything.between',
            throughFields: ['related', 'plain'],
            to: 'everything.plain',
          }),
        ],
        ['small', new models.OneToOneField({ onDelete: models.RESTRICT, to: 'everything.smallkey' })],
        [
          'uuid',
          new models.ForeignKey({
            default: null,
            null: true,
            onDelete: models.SET_DEFAULT,
            to: 'everything.uuidkey',
          }),
        ],
      ],
      options: { permissions: [['see', 'Can see']], defaultPermissions: ['add', 'view'] },
    }),
    new migrations.AddField({
      modelName: 'between',
      name: 'related',
      field: new models.ForeignKey({ onDelete: models.CASCADE, to: 'everything.related' }),
    }),
    new migrations.CreateModel({
      name: 'Second',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
        ['name', new models.CharField({ maxLength: 30 })],
        [
          'first',
          new models.OneToOneField({
            null: true,
            onDelete: models.SET_NULL,
            to: 'everything.first',
          }),
        ],
        [
          'owner',
          new models.ForeignKey({
            onDelete: models.CASCADE,
            relatedName: '%(app_label)s_%(class)s_owned',
            to: 'everything.keyed',
          }),
        ],
      ],
      options: { ordering: ['name'], defaultRelatedName: 'seconds' },
    }),
    new migrations.CreateModel({
      name: 'Square',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
        [
          'circle',
          new models.ForeignKey({
            onDelete: models.CASCADE,
            relatedName: '+',
            to: 'everything.circle',
          }),
        ],
      ],
    }),
    new migrations.AddField({
      modelName: 'circle',
      name: 'square',
      field: new models.ForeignKey({
        null: true,
        onDelete: models.CASCADE,
        relatedName: '+',
        to: 'everything.square',
      }),
    }),
    new migrations.CreateModel({
      name: 'Tagged',
      fields: [
        [
          'id',
          new models.BigAutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
        ['object_id', new models.PositiveIntegerField()],
        ['content_type', new models.ForeignKey({ onDelete: models.CASCADE, to: 'contenttypes.contenttype' })],
      ],
    }),
    new migrations.CreateModel({
      name: 'GrandChild',
      fields: [
        [
          'parent_link',
          new models.OneToOneField({
            onDelete: models.CASCADE,
            parentLink: true,
            primaryKey: true,
            serialize: false,
            to: 'everything.child',
          }),
        ],
      ],
      options: { ordering: ['-integer', 'char'], getLatestBy: 'instant' },
      bases: ['everything.child'],
    }),
    new migrations.AddIndex({
      modelName: 'first',
      index: new models.Index({ fields: ['name'], name: 'everything_first_name' }),
    }),
    new migrations.AddConstraint({
      modelName: 'first',
      constraint: new models.CheckConstraint({
        condition: models.Q.create([new models.Q({ name: 'none' })], 'AND', true),
        name: 'everything_first_named',
      }),
    }),
    new migrations.AlterOrderWithRespectTo({ name: 'between', orderWithRespectTo: 'related' }),
    new migrations.AddIndex({
      modelName: 'second',
      index: new models.Index({ fields: ['name'], name: 'everything_second_name' }),
    }),
    new migrations.AddConstraint({
      modelName: 'second',
      constraint: new models.CheckConstraint({
        condition: models.Q.create([new models.Q({ name: 'none' })], 'AND', true),
        name: 'everything_second_named',
      }),
    }),
    new migrations.AlterUniqueTogether({ name: 'related', uniqueTogether: [['parent', 'small']] }),
  ];
}
