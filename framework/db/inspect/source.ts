/** Models as TypeScript. */
import { camelCase } from '../../utils/module_loading';
import type { InspectedField, InspectedModel, Unreadable } from './models';

/** What instances have, by the class of the field. */
const TYPES: Readonly<Record<string, string>> = {
  AutoField: 'number',
  BigAutoField: 'number',
  SmallAutoField: 'number',
  BigIntegerField: 'number',
  IntegerField: 'number',
  SmallIntegerField: 'number',
  PositiveBigIntegerField: 'number',
  PositiveIntegerField: 'number',
  PositiveSmallIntegerField: 'number',
  FloatField: 'number',
  BooleanField: 'boolean',
  BinaryField: 'Buffer',
  DateTimeField: 'Date',
  DurationField: 'Duration',
  JSONField: 'unknown',
};

const HEADER = [
  '// This is an auto-generated tsango model module.',
  "// You'll have to do the following manually to clean this up:",
  "//   * Rearrange models' order",
  '//   * Make sure each model has one field with primaryKey: true',
  '//   * Make sure each ForeignKey and OneToOneField has `onDelete` set to the desired behavior',
  '//   * Remove `managed: false` lines if you wish to allow tsango to create, modify, and delete the table',
  "// Feel free to rename the models, but don't rename dbTable values or field names.",
];

/** Text as a literal. */
function literal(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const escaped = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escaped.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** The name of a property. */
function key(name: string): string {
  return IDENTIFIER.test(name) ? name : literal(name);
}

function object(entries: readonly (readonly [name: string, source: string])[]): string {
  return entries.length === 0
    ? ''
    : `{ ${entries.map(([name, source]) => `${name}: ${source}`).join(', ')} }`;
}

/** A comment; what a database says cannot end it. */
function comment(text: string): string {
  return `// ${text.replace(/[\r\n\u2028\u2029]+/g, ' ')}`;
}

/** Models, as the text of a module. */
export function writeModels(inspected: readonly (InspectedModel | Unreadable)[]): string {
  const models = inspected.filter((each): each is InspectedModel => 'fields' in each);
  const byTable = new Map(models.map((model) => [model.table, model]));
  const body = inspected.flatMap((each) => [
    '',
    ...('fields' in each ? writeModel(each, byTable) : unreadable(each)),
  ]);
  const usesDuration = models.some(({ fields }) => fields.some(({ type }) => type === 'DurationField'));
  const imports = [
    "import * as models from 'tsango/db/models';",
    ...(usesDuration ? ["import type { Duration } from 'tsango/utils/duration';"] : []),
  ];
  return [...HEADER, ...imports, ...body, ''].join('\n');
}

function unreadable({ table, error }: Unreadable): string[] {
  return [comment(`Unable to inspect table '${table}'`), comment(`The error was: ${error}`)];
}

type Models = ReadonlyMap<string, InspectedModel>;

function writeModel(model: InspectedModel, models: Models): string[] {
  const { fields, compositeKey, type } = model;
  const hasKey = compositeKey.length > 0 || fields.some(({ options }) => options['primaryKey'] === true);
  // A view has no key, and a model needs one.
  const guess = hasKey ? undefined : fields.find(({ name }) => name === 'id');
  const isMissing = !hasKey && guess === undefined && (type === 'v' || !model.hasUsualKey);
  return [
    ...(model.hasOther ? ['// A unique constraint could not be introspected.'] : []),
    ...(isMissing
      ? ['// No primary key was found: set primaryKey: true on the field that tells the rows apart.']
      : []),
    `export class ${model.name} extends models.Model {`,
    ...writeMeta(model),
    `  declare static readonly objects: models.Manager<${model.name}>;`,
    '',
    ...writeKey(model, models),
    ...(model.hasUsualKey ? ['  declare id: number;'] : []),
    ...fields.flatMap((field) => writeField(field === guess ? guessedKey(field) : field, model, models)),
    '}',
  ];
}

/** The field `id` of a table without a key as its key. */
function guessedKey(field: InspectedField): InspectedField {
  const { null: _null, blank: _blank, unique: _unique, ...options } = field.options;
  return {
    ...field,
    options: { primaryKey: true, ...options },
    notes: [...field.notes, 'The table has no primary key; this one is a guess.'],
  };
}

function writeKey({ compositeKey, fields }: InspectedModel, models: Models): string[] {
  if (compositeKey.length === 0) return [];
  const types = compositeKey.map((name) => {
    const field = fields.find((each) => each.name === name);
    return field === undefined ? 'unknown' : valueType(field, models);
  });
  const names = compositeKey.map(literal).join(', ');
  return [`  @models.CompositePrimaryKey(${names})`, `  declare pk: [${types.join(', ')}];`];
}

function writeMeta({ table, type, comment: said, uniqueTogether }: InspectedModel): string[] {
  const origin = {
    t: '',
    v: " // Created from a view. Don't remove.",
    p: " // Created from a partition. Don't remove.",
  };
  return [
    '  static override readonly Meta: models.MetaOptions = {',
    `    managed: false,${origin[type]}`,
    `    dbTable: ${literal(table)},`,
    ...(uniqueTogether.length > 0
      ? [
          `    uniqueTogether: [${uniqueTogether.map((names) => `[${names.map(literal).join(', ')}]`).join(', ')}],`,
        ]
      : []),
    ...(said === null ? [] : [`    dbTableComment: ${literal(said)},`]),
    '  };',
  ];
}

/** The type of a field's value: of a foreign key that of the field that it refers to. */
function valueType(field: InspectedField, models: Models, depth = 0): string {
  if (field.target === undefined) return TYPES[field.type] ?? 'string';
  const other = models.get(field.target.table);
  const target = other?.fields.find(({ column }) => column === field.target?.column);
  // A key that is not written is the one that every model has.
  if (other !== undefined && target === undefined && field.target.column === 'id') return 'number';
  return target === undefined || depth > 20 ? 'unknown' : valueType(target, models, depth + 1);
}

/** The field that a foreign key refers to, by the name that it has as one. */
function targetName({ target }: InspectedField, models: Models): string | undefined {
  const other = target && models.get(target.table);
  return other?.fields.find(({ column }) => column === target?.column)?.name ?? target?.column;
}

function writeField(field: InspectedField, model: InspectedModel, models: Models): string[] {
  const { name, type, target, notes, options } = field;
  const entries = Object.entries(options).map(
    ([each, value]) => [each, literal(each === 'toField' ? targetName(field, models) : value)] as const,
  );
  const isNull = options['null'] === true;
  const property = key(camelCase(name));
  const noted = notes.length > 0 ? [`  ${comment(notes.join(' '))}`] : [];
  const value = orNull(valueType(field, models), isNull);
  if (target === undefined) {
    return [...noted, ...lines(`@models.${type}(${object(entries)})`, `declare ${property}: ${value};`)];
  }
  const other = models.get(target.table);
  const to = other === model ? "'self'" : other === undefined ? literal(target.table) : `() => ${other.name}`;
  const related = `models.Related${isNull ? 'OrNull' : ''}<${other?.name ?? 'models.Model'}>`;
  const given = object([['onDelete', 'models.DO_NOTHING'], ...entries]);
  return [
    ...noted,
    ...lines(`@models.${type}(${to}, ${given})`, `declare ${property}: ${related};`),
    `  declare ${key(camelCase(`${name}_id`))}: ${value};`,
  ];
}

function orNull(type: string, isNull: boolean): string {
  return isNull && type !== 'unknown' ? `${type} | null` : type;
}

/** In one line, where there is room. */
function lines(decorator: string, declaration: string): string[] {
  const one = `  ${decorator} ${declaration}`;
  return one.length <= 110 ? [one] : [`  ${decorator}`, `  ${declaration}`];
}
