/** What databases have to say of fields. Django: `Field._check_db_default`, `_check_db_comment`, `GeneratedField.check`. */
import { Error as CheckError, type CheckMessage, ERROR, Warning } from '../../../core/checks/messages';
import { CaseExpression, WhenExpression } from '../expressions/case';
import { CombinedExpression } from '../expressions/combined';
import { describeExpression } from '../expressions/describe';
import { ExpressionWrapper, Func } from '../expressions/func';
import { RawSQL, SqlTemplate } from '../expressions/raw';
import { Value } from '../expressions/value';
import type { Field } from '../fields/base';
import type { GeneratedField } from '../fields/generated';
import { Collate } from '../functions/comparison';
import { Lookup } from '../lookups/base';
import { isExpression } from '../q';
import { databasesOf, supports } from './databases';

type Found = Iterable<CheckMessage>;

/** What every field is asked about the databases that its table is in. */
export function* checkInDatabases(field: Field, aliases: readonly string[]): Found {
  const { model, dbComment } = field;
  const connections = databasesOf(model, aliases);
  yield* checkDbDefault(field, aliases);
  for (const connection of connections) {
    if (dbComment && !supports(model, connection, 'supportsComments')) {
      yield new Warning(`${connection.displayName} does not support comments on columns (dbComment).`, {
        obj: field,
        id: 'fields.W163',
      });
    }
  }
  for (const connection of connections) yield* connection.validation.checkField(field);
}

function* checkDbDefault(field: Field, aliases: readonly string[]): Found {
  const { dbDefault } = field.options;
  if (!isExpression(dbDefault) || dbDefault instanceof Value) return;
  for (const connection of databasesOf(field.model, aliases)) {
    if (!connection.features.supportsExpressionDefaults) {
      if (supports(field.model, connection, 'supportsExpressionDefaults')) continue;
      const what = 'default database values with expressions (dbDefault)';
      yield new CheckError(`${connection.displayName} does not support ${what}.`, {
        obj: field,
        id: 'fields.E011',
      });
    } else if (!canBeDefault(dbDefault)) {
      const what = describeExpression(dbDefault);
      yield new CheckError(`${what} cannot be used in dbDefault.`, { obj: field, id: 'fields.E012' });
    }
  }
}

/** Whether an expression needs nothing but itself: no column, no other row. Django: `allowed_default`. */
function canBeDefault(expression: unknown): boolean {
  if (expression instanceof Value || expression instanceof RawSQL) return true;
  const isMade = [
    CombinedExpression,
    ExpressionWrapper,
    Func,
    WhenExpression,
    CaseExpression,
    Lookup,
    SqlTemplate,
  ].some((Class) => expression instanceof Class);
  if (!isMade || expression instanceof Collate) return false;
  return (expression as Func).getSourceExpressions().every(canBeDefault);
}

/** What a calculated column is asked besides: where it is calculated, and the type of its value. */
export function* checkGenerated(field: GeneratedField, aliases: readonly string[]): Found {
  const { model, dbPersist } = field;
  const { requiredDbVendor } = model.meta;
  for (const connection of databasesOf(model, aliases)) {
    if (requiredDbVendor !== undefined && requiredDbVendor !== connection.vendor) continue;
    const feature = dbPersist ? 'supportsStoredGeneratedColumns' : 'supportsVirtualGeneratedColumns';
    if (supports(model, connection, feature)) continue;
    const kind = dbPersist ? 'persisted' : 'non-persisted';
    yield new CheckError(`${connection.displayName} does not support ${kind} GeneratedFields.`, {
      hint: `Set dbPersist=${dbPersist ? 'False' : 'True'} on the field.`,
      obj: field,
      id: dbPersist ? 'fields.E222' : 'fields.E221',
    });
  }
  const found = field.outputField.check({ databases: aliases });
  const said = (wanted: (message: CheckMessage) => boolean): string =>
    found
      .filter(wanted)
      .map(({ msg, id }) => `\n    ${msg} (${id})`)
      .join('');
  const errors = said(({ level }) => level === ERROR);
  const warnings = said(({ level }) => level < ERROR);
  if (errors) {
    yield new CheckError(`GeneratedField.output_field has errors:${errors}`, {
      obj: field,
      id: 'fields.E223',
    });
  }
  if (warnings) {
    yield new Warning(`GeneratedField.output_field has warnings:${warnings}`, {
      obj: field,
      id: 'fields.W224',
    });
  }
}
