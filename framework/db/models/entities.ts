/**
 * Models as TypeORM entities: columns by their Django names, values as Django stores them.
 */
import type {
  DataSource,
  EntitySchema,
  EntitySchemaColumnOptions,
  EntitySchemaRelationOptions,
  NamingStrategyInterface,
} from 'typeorm';
import { apps } from '../../apps/registry';
import { camelCase } from '../../utils/module_loading';
import type { DatabaseWrapper } from '../backends/base/base';
import type { Entities } from '../backends/typeorm';
import { Model, type ModelClass, snakeCase } from './base';
import type { Field } from './fields/base';
import { ForeignKey } from './fields/related';
import { appLabelOf, installedModels } from './registry';

type TypeOrm = typeof import('typeorm');

/** The column type that makes TypeORM hand values over as they are: the field has converted them already. */
function neutralType(field: Field, vendor: DatabaseWrapper['vendor']): string {
  const target = field instanceof ForeignKey ? field.targetField : field;
  const { internalType } = target;
  if (/^(Positive)?(Big|Small)?(Auto|Integer)Field$/.test(internalType)) return 'integer';
  if (internalType === 'BooleanField') return vendor === 'postgresql' ? 'boolean' : 'integer';
  if (internalType === 'BinaryField') return vendor === 'postgresql' ? 'bytea' : 'blob';
  if (internalType === 'FloatField') return vendor === 'sqlite' ? 'real' : 'double precision';
  return 'text';
}

function columnOptions(field: Field, connection: DatabaseWrapper): EntitySchemaColumnOptions {
  return {
    name: field.column,
    type: neutralType(field, connection.vendor) as NonNullable<EntitySchemaColumnOptions['type']>,
    primary: field.model.pkFields.includes(field),
    nullable: field.null,
    unique: field.unique && !field.primaryKey,
    ...(field.isAuto && { generated: 'increment' as const }),
    transformer: {
      to: (value: unknown) =>
        // Conditions of TypeORM's find() are operators around values; they are converted by it one by one.
        value === undefined ? undefined : field.toDb(value, connection),
      from: (value: unknown) => field.fromDb(value, connection),
    },
  };
}

/** TypeORM calls a target that is a function, to let classes refer to each other. */
function targetOf(cls: ModelClass): EntitySchemaRelationOptions['target'] {
  return (() => cls) as unknown as EntitySchemaRelationOptions['target'];
}

function relationOptions(field: ForeignKey, target: ModelClass): EntitySchemaRelationOptions {
  return {
    type: field.internalType === 'OneToOneField' ? 'one-to-one' : 'many-to-one',
    target: targetOf(target),
    nullable: field.null,
    joinColumn: { name: field.column, referencedColumnName: field.targetField.property },
    createForeignKeyConstraints: false,
  };
}

/** The entity of a model. Relations need the other models, which a lone historical model does not have. */
export function entityOf(
  cls: ModelClass,
  connection: DatabaseWrapper,
  options: { relations: boolean },
): EntitySchema {
  const { EntitySchema: Schema } = require('typeorm') as TypeOrm;
  const { _meta: meta } = cls;
  const relations: Record<string, EntitySchemaRelationOptions> = {};
  if (options.relations) {
    // Rows of many-to-many relations are read by their managers: TypeORM would put lists where these are.
    for (const field of meta.localFields) {
      if (!(field instanceof ForeignKey)) continue;
      const target = installedModels.classOf(field.remoteModel);
      if (target !== undefined) relations[camelCase(field.name)] = relationOptions(field, target);
    }
  }
  return new Schema({
    name: meta.label,
    target: cls,
    tableName: meta.dbTable,
    columns: Object.fromEntries(
      meta.localFields
        .filter(({ concrete }) => concrete)
        .map((field) => [field.property, columnOptions(field, connection)]),
    ),
    relations,
  });
}

/** TypeORM looks at the related rows that instances have, and never at the promise of one: it would save that. */
export function adoptRelations(source: DataSource): void {
  for (const { target, relations } of source.entityMetadatas) {
    const meta = installedModels.classes().find((cls) => cls === target)?._meta;
    for (const relation of meta === undefined ? [] : relations) {
      const field = meta?.fieldsByProperty.get(relation.propertyName);
      if (!(field instanceof ForeignKey)) continue;
      const read = relation.getEntityValue.bind(relation);
      relation.getEntityValue = (entity, ...rest) =>
        isRow(entity) ? field.cache.get(entity) : read(entity, ...rest);
      const write = relation.setEntityValue.bind(relation);
      relation.setEntityValue = (entity, value: unknown) => {
        if (isRow(entity)) (entity as unknown as Record<string, unknown>)[relation.propertyName] = value;
        else write(entity, value);
      };
    }
  }
}

function isRow(entity: unknown): entity is Model {
  return entity instanceof Model;
}

/** The entities of the installed apps: their models, and classes with TypeORM's own decorators. */
export function installedEntities(connection: DatabaseWrapper): Entities {
  const { getMetadataArgsStorage } = require('typeorm') as TypeOrm;
  const all = installedModels.classes();
  const decorated = new Set(getMetadataArgsStorage().tables.map((table) => table.target));
  const own = (apps.ready ? apps.getAppConfigs() : [])
    .flatMap((config) => installedModels.exportedClasses(config))
    .filter((cls) => decorated.has(cls as never));
  return [
    ...all.map((cls) => entityOf(cls, connection, { relations: true })),
    ...own.filter((cls) => !all.includes(cls as never)),
  ] as Entities;
}

/** Django's names for entities with TypeORM's own decorators: `<app>_<model>`, columns in snake_case. */
export function namingStrategy(): NamingStrategyInterface {
  const { DefaultNamingStrategy, getMetadataArgsStorage } = require('typeorm') as TypeOrm;
  return new (class extends DefaultNamingStrategy {
    override tableName(targetName: string, given: string | undefined): string {
      if (given) return given;
      const table = getMetadataArgsStorage().tables.find(
        ({ target }) => typeof target === 'function' && target.name === targetName,
      );
      const label = typeof table?.target === 'function' ? appLabelOf(table.target) : undefined;
      return label === undefined ? targetName.toLowerCase() : `${label}_${targetName.toLowerCase()}`;
    }
    override columnName(property: string, given: string | undefined, prefixes: string[]): string {
      return given || snakeCase([...prefixes, property].join('_'));
    }
    override relationName(property: string): string {
      return property;
    }
    override joinColumnName(relation: string, referenced: string): string {
      return `${snakeCase(relation)}_${snakeCase(referenced)}`;
    }
  })();
}
