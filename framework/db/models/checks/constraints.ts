/** What is wrong with constraints in a database. Django: `_check` of `django.db.models.constraints`. */
import { type CheckMessage, Warning } from '../../../core/checks/messages';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { DatabaseFeatures } from '../../backends/base/features';
import { CheckConstraint, type Constraint, UniqueConstraint } from '../constraints';
import type { Expression } from '../expressions/base';
import { Condition } from '../expressions/func';
import { RawSQL, SqlTemplate } from '../expressions/raw';
import type { Options } from '../options';
import { isExpression, Q } from '../q';
import { supports } from './databases';
import { checkLocalFields, checkReferences, referencesOf } from './references';

type Found = Iterable<CheckMessage>;

/** What one database has to say of a constraint. */
export function* checkConstraint(model: Options, constraint: Constraint, connection: DatabaseWrapper): Found {
  if (constraint instanceof CheckConstraint) yield* checkCheck(model, constraint);
  else if (constraint instanceof UniqueConstraint) yield* checkUnique(model, constraint, connection);
}

function* checkCheck(model: Options, { name, condition }: CheckConstraint): Found {
  if (hasRawSql(condition)) {
    yield new Warning(
      `Check constraint '${name}' contains RawSQL() expression and won't be validated during the model fullClean().`,
      { hint: "Silence this warning if you don't care about it.", obj: model, id: 'models.W045' },
    );
  }
  if (condition instanceof Q) yield* checkReferences(model, referencesOf(condition));
}

/** Whether SQL is a part of a condition. */
function hasRawSql(node: unknown): boolean {
  if (node instanceof RawSQL || node instanceof SqlTemplate) return true;
  if (node instanceof Q) {
    return node.children.some((child) =>
      child instanceof Q || isExpression(child)
        ? hasRawSql(child)
        : isExpression(child[1]) && hasRawSql(child[1]),
    );
  }
  if (node instanceof Condition) return hasRawSql(node.q);
  return isExpression(node) && (node as Expression).getSourceExpressions().some(hasRawSql);
}

function* checkUnique(model: Options, unique: UniqueConstraint, connection: DatabaseWrapper): Found {
  yield* checkLocalFields(model, new Set([...unique.fields, ...unique.include]), 'constraints');
  const needs: readonly (readonly [boolean, keyof DatabaseFeatures, string, string])[] = [
    [unique.condition !== undefined, 'supportsPartialIndexes', 'with conditions', 'models.W036'],
    [unique.include.length > 0, 'supportsCoveringIndexes', 'with non-key columns', 'models.W039'],
    [unique.expressions.length > 0, 'supportsExpressionIndexes', 'on expressions', 'models.W044'],
    [
      unique.nullsDistinct !== undefined,
      'supportsNullsDistinctUniqueConstraints',
      'with nulls distinct',
      'models.W047',
    ],
  ];
  const hint = "A constraint won't be created. Silence this warning if you don't care about it.";
  const say = (what: string, id: string): CheckMessage =>
    new Warning(`${connection.displayName} does not support ${what}.`, { hint, obj: model, id });
  if (
    unique.deferrable !== undefined &&
    !supports(model, connection, 'supportsDeferrableUniqueConstraints')
  ) {
    yield say('deferrable unique constraints', 'models.W038');
  }
  for (const [needed, feature, what, id] of needs) {
    if (needed && !supports(model, connection, feature)) yield say(`unique constraints ${what}`, id);
  }
  // What a database does not have by the model's own word is not looked at there.
  const isThere = (feature: keyof DatabaseFeatures): boolean =>
    connection.features[feature] === true || !model.requiredDbFeatures.includes(feature);
  const parts = [
    ...(isThere('supportsPartialIndexes') ? [unique.condition] : []),
    ...(isThere('supportsExpressionIndexes') ? unique.expressions : []),
  ];
  yield* checkReferences(
    model,
    parts.flatMap((each) => [...referencesOf(each)]),
  );
}
