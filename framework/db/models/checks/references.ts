/** What the conditions and expressions of Meta refer to. Django: `Model._get_expr_references`, `_check_local_fields`. */
import { Error as CheckError, type CheckMessage } from '../../../core/checks/messages';
import { Condition } from '../expressions/func';
import { FExpression } from '../expressions/value';
import type { Field } from '../fields/base';
import { CompositePrimaryKey } from '../fields/composite';
import { ForeignKey, ManyToManyField } from '../fields/related';
import type { Options } from '../options';
import { isExpression, Q } from '../q';

type Found = Iterable<CheckMessage>;
/** A path: a field's name and what follows it. */
type Reference = readonly [name: string, ...rest: string[]];

const split = (path: string): Reference => path.split('__') as unknown as Reference;

/** The paths in a condition or an expression. */
export function* referencesOf(node: unknown): Iterable<Reference> {
  if (node instanceof Q) {
    for (const child of node.children) {
      if (child instanceof Q || isExpression(child)) yield* referencesOf(child);
      else {
        yield split(child[0]);
        yield* referencesOf(child[1]);
      }
    }
  } else if (node instanceof Condition) yield* referencesOf(node.q);
  else if (node instanceof FExpression) yield split(node.name);
  else if (isExpression(node)) for (const source of node.getSourceExpressions()) yield* referencesOf(source);
}

/** A field by its name, or by its property. */
export function namedField(model: Options, name: string): Field | undefined {
  return (
    model.findField(name) ??
    model.fieldsByProperty.get(name) ??
    model.privateFields.find((field) => field.name === name)
  );
}

/** Names of fields of the model's own table. */
export function* checkLocalFields(model: Options, names: Iterable<string>, option: string): Found {
  const say = (msg: string, id: string, hint?: string): CheckMessage =>
    new CheckError(msg, { hint, obj: model, id });
  for (const name of names) {
    const field = namedField(model, name);
    if (field === undefined)
      yield say(`'${option}' refers to the nonexistent field '${name}'.`, 'models.E012');
    else if (field instanceof ManyToManyField) {
      yield say(
        `'${option}' refers to a ManyToManyField '${name}', but ManyToManyFields are not permitted in '${option}'.`,
        'models.E013',
      );
    } else if (field instanceof CompositePrimaryKey) {
      yield say(
        `'${option}' refers to a CompositePrimaryKey '${name}', but CompositePrimaryKeys are not permitted in '${option}'.`,
        'models.E048',
      );
    } else if (!model.localFields.includes(field)) {
      yield say(
        `'${option}' refers to field '${name}' which is not local to model '${model.objectName}'.`,
        'models.E016',
        'This issue may be caused by multi-table inheritance.',
      );
    }
  }
}

/** What a constraint refers to: fields of the table alone, for a constraint joins nothing. */
export function* checkReferences(model: Options, references: Iterable<Reference>): Found {
  const names = new Set<string>();
  for (const path of new Map([...references].map((each) => [each.join('__'), each])).values()) {
    const [name, lookup] = path;
    if (name !== 'pk' || model.pk instanceof CompositePrimaryKey) names.add(name);
    const field = name === 'pk' ? model.pk : namedField(model, name);
    if (lookup === undefined || !(field instanceof ForeignKey)) continue;
    if (field.getTransform(lookup) === undefined && field.getLookup(lookup) === undefined) {
      yield new CheckError(`'constraints' refers to the joined field '${path.join('__')}'.`, {
        obj: model,
        id: 'models.E041',
      });
    }
  }
  yield* checkLocalFields(model, names, 'constraints');
}
