/** Whether an instance will do. Django: `full_clean` and its parts; https://docs.djangoproject.com/en/5.2/ref/models/instances/#validating-objects */
import { NON_FIELD_ERRORS, ValidationError } from '../../core/exceptions';
import type { Text } from '../../utils/functional';
import { camelCase } from '../../utils/module_loading';
import type { Model, ModelClass } from './base';
import { snakeCase } from './base';
import { validateConstraint } from './constraint_validation';
import { DatabaseDefault } from './expressions/database_default';
import type { Field } from './fields/base';
import { FOREIGN_KEY } from './fields/messages';
import { ForeignKey } from './fields/related';
import type { Options } from './options';
import { type UniqueChecks, uniqueChecksOf, violatedChecks } from './unique';

/** What the parts of `fullClean` take. */
export interface CleanOptions {
  /** Fields that are not looked at, by their properties. */
  exclude?: Iterable<string>;
  /** The connection that is asked; default: `default`. */
  using?: string;
}

/** What `fullClean` takes. */
export interface FullCleanOptions extends CleanOptions {
  validateUnique?: boolean;
  validateConstraints?: boolean;
}

/** The fields that are left out, by their own names. */
export function excludedNames(exclude: Iterable<string> = []): Set<string> {
  return new Set([...exclude].map(snakeCase));
}

/** The name under which a field's errors stand: its property, that of the row itself for a relation. */
export function errorKey(field: Field): string {
  return camelCase(field.name);
}

function metaOf(instance: Model): ModelClass['_meta'] {
  return (instance.constructor as unknown as ModelClass)._meta;
}

/** Makes each field's value what the field says that it is. @throws ValidationError of fields. */
export async function cleanFields(instance: Model, { exclude, using }: CleanOptions = {}): Promise<void> {
  const names = excludedNames(exclude);
  const values = instance as unknown as Record<string, unknown>;
  const errors = new Map<string, ValidationError[]>();
  for (const field of metaOf(instance).fields) {
    if (names.has(field.name) || field.generated) continue;
    const given = values[field.property];
    const raw = given === undefined ? field.getDefault() : given;
    if ((field.blank && field.isEmpty(raw)) || raw instanceof DatabaseDefault) continue;
    try {
      const known = field.clean(raw, instance);
      if (field instanceof ForeignKey) await findRelated(field, known, using);
      values[field.property] = known;
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      errors.set(errorKey(field), error.errorList);
    }
  }
  if (errors.size > 0) throw new ValidationError(errors);
}

/** @throws ValidationError where a foreign key refers to no row, or to one outside of `limitChoicesTo`. */
async function findRelated(field: ForeignKey, value: unknown, using: string | undefined): Promise<void> {
  if (value === null || value === undefined || field.parentLink) return;
  const target = field.remoteModel;
  const cls = (field.model.registry as Partial<Classes>).classOf?.(target);
  if (cls === undefined) return;
  const { name, property } = field.targetField;
  const { limitChoicesTo: limit } = field.options as { limitChoicesTo?: Limit | (() => Limit) };
  let rows = cls._baseManager.using(using).filter({ [property]: value });
  if (limit !== undefined) rows = rows.filter(typeof limit === 'function' ? limit() : limit);
  if (await rows.exists()) return;
  throw new ValidationError(field.options.errorMessages?.['invalid'] ?? (FOREIGN_KEY['invalid'] as Text), {
    code: 'invalid',
    params: { model: target.verboseName, pk: value, field: name, value },
  });
}

type Limit = Readonly<Record<string, unknown>>;

/** A registry that has the classes of its models. */
interface Classes {
  classOf(model: Options): ModelClass | undefined;
}

/** Looks for other rows with values that are to be unique. @throws ValidationError. */
export async function validateUnique(instance: Model, { exclude, using }: CleanOptions = {}): Promise<void> {
  const checks: UniqueChecks = uniqueChecksOf(metaOf(instance), excludedNames(exclude));
  const errors = await violatedChecks(instance, checks, using);
  if (errors.size > 0) throw new ValidationError(errors);
}

/** Whether the constraints of Meta hold. @throws ValidationError. */
export async function validateConstraints(
  instance: Model,
  { exclude, using }: CleanOptions = {},
): Promise<void> {
  const names = excludedNames(exclude);
  const errors = new Map<string, ValidationError[]>();
  const meta = metaOf(instance);
  for (const constraint of [meta, ...meta.allParents].flatMap(({ constraints }) => constraints)) {
    try {
      await validateConstraint(instance, constraint, names, using);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      const [field, ...others] = 'fields' in constraint ? constraint.fields : [];
      if (error.code === 'unique' && field !== undefined && others.length === 0) {
        const key = errorKey(meta.getField(field));
        new ValidationError(new Map([[key, error]])).updateErrorDict(errors);
      } else {
        error.updateErrorDict(errors);
      }
    }
  }
  if (errors.size > 0) throw new ValidationError(errors);
}

/** All of it; what is wrong with a field is not looked at again. @throws ValidationError. */
export async function fullClean(instance: Model, options: FullCleanOptions = {}): Promise<void> {
  const { using } = options;
  const errors = new Map<string, ValidationError[]>();
  const exclude = new Set(options.exclude);
  const step = async (body: () => unknown): Promise<void> => {
    try {
      await body();
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      error.updateErrorDict(errors);
    }
    for (const name of errors.keys()) if (name !== NON_FIELD_ERRORS) exclude.add(name);
  };
  const at = (): CleanOptions => ({ exclude, ...(using !== undefined && { using }) });
  await step(() => instance.cleanFields(at()));
  await step(() => instance.clean());
  if (options.validateUnique ?? true) await step(() => instance.validateUnique(at()));
  if (options.validateConstraints ?? true) await step(() => instance.validateConstraints(at()));
  if (errors.size > 0) throw new ValidationError(errors);
}
