/**
 * What a model is made of: its table, fields and indexes. Django: `django.db.models.options`.
 */
import { apps } from '../../apps/registry';
import { settings } from '../../conf';
import { FieldDoesNotExist, ImproperlyConfigured } from '../../core/exceptions';
import { camelCase } from '../../utils/module_loading';
import { stripQuotes } from '../backends/utils';
import type { Field } from './fields/base';
import { AutoField, BigAutoField, SmallAutoField } from './fields/numbers';
import { ForeignKey, ManyToManyField } from './fields/related';
import type { Constraint, Index } from './indexes';

/** A model's `Meta`. https://docs.djangoproject.com/en/5.2/ref/models/options/ */
export interface MetaOptions {
  appLabel?: string;
  /** Default: `<app>_<model>`. */
  dbTable?: string;
  verboseName?: string;
  verboseNamePlural?: string;
  /** The fields that `objects` sorts by; a leading hyphen means descending. */
  ordering?: readonly string[];
  uniqueTogether?: readonly (readonly string[])[];
  indexes?: readonly Index[];
  constraints?: readonly Constraint[];
  /** False: migrations leave the table alone. */
  managed?: boolean;
  /** The class only hands its fields on. */
  abstract?: boolean;
  getLatestBy?: string;
  /** The manager that the framework asks. Default: the first one. */
  defaultManagerName?: string;
  /** The manager that related rows are looked for with. Default: a plain one. */
  baseManagerName?: string;
  permissions?: readonly (readonly [string, string])[];
  defaultPermissions?: readonly string[];
}

/** Where models find each other. */
export interface ModelRegistry {
  /** The model `app.model` (lower case), or undefined. */
  find(key: string): Options | undefined;
  /** Every model, for those who look for what refers to one. Without it there are none that do. */
  all?(): readonly Options[];
  /** Grows whenever `find` and `all` may give other models. */
  readonly version?: number;
}

/** What Options is made from. */
export interface ModelDescription {
  appLabel: string;
  objectName: string;
  fields: readonly (readonly [name: string, field: Field])[];
  options: MetaOptions;
  registry: ModelRegistry;
}

const AUTO_FIELDS: Readonly<Record<string, new () => Field>> = { AutoField, BigAutoField, SmallAutoField };

/** A model's description: `Article._meta`. */
export class Options {
  readonly appLabel: string;
  readonly objectName: string;
  /** The name in lower case, by which migrations refer to it. */
  readonly modelName: string;
  readonly dbTable: string;
  readonly meta: MetaOptions;
  readonly registry: ModelRegistry;
  /** The fields with a column, in order. */
  readonly localFields: readonly Field[];
  readonly localManyToMany: readonly ManyToManyField[];
  /** The primary key. */
  readonly pk: Field;
  /** The fields whose value is set when an instance is made. */
  readonly fieldsWithDefault: readonly Field[];
  /** The field whose table in between this is. */
  readonly autoCreated: ManyToManyField | undefined;
  private readonly byName = new Map<string, Field>();
  private readonly throughs = new Map<string, Options>();
  private properties: ReadonlyMap<string, Field> | undefined;
  private related: { version: number | undefined; fields: readonly ForeignKey[] } | undefined;

  constructor(description: ModelDescription, autoCreated?: ManyToManyField) {
    const { appLabel, objectName, options, registry } = description;
    this.appLabel = appLabel;
    this.objectName = objectName;
    this.modelName = objectName.toLowerCase();
    this.meta = options;
    this.registry = registry;
    this.dbTable = options.dbTable ?? `${appLabel}_${this.modelName}`;
    this.autoCreated = autoCreated;
    let fields = description.fields.map(([name, field]) => this.bind(name, field.clone()));
    if (!fields.some((field) => field.primaryKey)) {
      fields = [this.bind('id', defaultAutoField(appLabel)), ...fields];
    }
    this.localFields = fields.filter((field) => !(field instanceof ManyToManyField));
    this.localManyToMany = fields.filter((field) => field instanceof ManyToManyField);
    this.pk = this.localFields.find((field) => field.primaryKey) as Field;
    this.fieldsWithDefault = this.localFields.filter((field) => field.hasDefault);
  }

  /** `app.model`. */
  get label(): string {
    return `${this.appLabel}.${this.objectName}`;
  }

  /** `app.model` in lower case: how references name it. */
  get key(): string {
    return `${this.appLabel}.${this.modelName}`;
  }

  get verboseName(): string {
    return (
      this.meta.verboseName ??
      this.objectName.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ').toLowerCase()
    );
  }

  get verboseNamePlural(): string {
    return this.meta.verboseNamePlural ?? `${this.verboseName}s`;
  }

  get managed(): boolean {
    return this.meta.managed ?? true;
  }

  get uniqueTogether(): readonly (readonly string[])[] {
    return this.meta.uniqueTogether ?? [];
  }

  get indexes(): readonly Index[] {
    return this.meta.indexes ?? [];
  }

  get constraints(): readonly Constraint[] {
    return this.meta.constraints ?? [];
  }

  /** The field of that name (`author`) or value name (`author_id`), if there is one. */
  findField(name: string): Field | undefined {
    return this.byName.get(name) ?? this.localFields.find((candidate) => candidate.attname === name);
  }

  /** The field of that name (`author`) or value name (`author_id`). @throws FieldDoesNotExist. */
  getField(name: string): Field {
    const field = this.findField(name) ?? (name === 'pk' ? this.pk : undefined);
    if (field === undefined) throw new FieldDoesNotExist(`${this.objectName} has no field named '${name}'`);
    return field;
  }

  /** The fields by what they are called in values: `postId`, and `post` for the row itself. */
  get fieldsByProperty(): ReadonlyMap<string, Field> {
    this.properties ??= new Map(
      this.localFields.flatMap((field): [string, Field][] => [
        [camelCase(field.name), field],
        [field.property, field],
      ]),
    );
    return this.properties;
  }

  /** The foreign keys that refer to this model, those of tables in between included. */
  get relatedObjects(): readonly ForeignKey[] {
    const { registry, key } = this;
    if (this.related === undefined || this.related.version !== registry.version) {
      const fields = (registry.all?.() ?? [])
        .flatMap((model) => [
          ...model.localFields,
          ...model.localManyToMany
            .filter((field) => field.hasOwnTable)
            .flatMap((field) => field.through.localFields),
        ])
        .filter((field): field is ForeignKey => field instanceof ForeignKey && field.toKey === key);
      // The version is of afterwards: looking for the models may have loaded some.
      this.related = { version: registry.version, fields };
    }
    return this.related.fields;
  }

  /** The foreign keys that refer to a field of this model. */
  relatedObjectsOf(target: Field): ForeignKey[] {
    return this.relatedObjects.filter((field) => field.targetField.name === target.name);
  }

  /** Whether there is a field of that name. */
  hasField(name: string): boolean {
    return this.byName.has(name);
  }

  /** The model in between of a many-to-many field. */
  throughOf(field: ManyToManyField): Options {
    const { through } = field.options;
    if (through !== undefined) {
      const key = (through.includes('.') ? through : `${this.appLabel}.${through}`).toLowerCase();
      const found = this.registry.find(key);
      if (found === undefined) {
        throw new ImproperlyConfigured(`${field.toString()}: the through model '${through}' does not exist.`);
      }
      return found;
    }
    const made = this.throughs.get(field.name) ?? this.makeThrough(field);
    this.throughs.set(field.name, made);
    return made;
  }

  private makeThrough(field: ManyToManyField): Options {
    const target = field.toKey.slice(field.toKey.indexOf('.') + 1);
    const own = this.key;
    const [from, to] =
      field.toKey === own ? [`from_${this.modelName}`, `to_${this.modelName}`] : [this.modelName, target];
    const options = { onDelete: 'CASCADE' as const, dbConstraint: field.dbConstraint };
    return new Options(
      {
        appLabel: this.appLabel,
        objectName: `${this.objectName}_${field.name}`,
        fields: [
          [from, new ForeignKey(own, options)],
          [to, new ForeignKey(field.toKey, options)],
        ],
        options: {
          dbTable: field.options.dbTable ?? `${stripQuotes(this.dbTable)}_${field.name}`,
          uniqueTogether: [[from, to]],
        },
        registry: this.registry,
      },
      field,
    );
  }

  private bind(name: string, field: Field): Field {
    field.contributeTo(this, name);
    this.byName.set(name, field);
    return field;
  }
}

/** The primary key that a model without one gets: DEFAULT_AUTO_FIELD, or its app's choice. */
export function defaultAutoField(appLabel: string): Field {
  let dotted = settings.DEFAULT_AUTO_FIELD;
  if (apps.ready) {
    const config = apps.getAppConfigs().find((candidate) => candidate.label === appLabel);
    dotted = config?.defaultAutoField ?? dotted;
  }
  const name = dotted.slice(dotted.lastIndexOf('.') + 1);
  const Auto = Object.hasOwn(AUTO_FIELDS, name) ? AUTO_FIELDS[name] : undefined;
  if (Auto === undefined) {
    throw new ImproperlyConfigured(
      `DEFAULT_AUTO_FIELD refers to the module '${dotted}' that could not be imported. Use one of ` +
        `${Object.keys(AUTO_FIELDS)
          .map((known) => `'tsango.db.models.${known}'`)
          .join(', ')}.`,
    );
  }
  return new (Auto as new (options: object) => Field)({
    autoCreated: true,
    primaryKey: true,
    serialize: false,
    verboseName: 'ID',
  });
}
