/** What is wrong with a key of several columns. Django: `Model._check_composite_pk`. */
import { Error as CheckError, type CheckMessage } from '../../../core/checks/messages';
import type { Field } from '../fields/base';
import { CompositePrimaryKey } from '../fields/composite';
import type { Options } from '../options';
import { namedField } from './references';

/** The fields of a composite primary key: columns of the model's own table, none of them twice. */
export function* checkCompositeKey(model: Options): Iterable<CheckMessage> {
  const { pk } = model;
  if (model.proxy || !(pk instanceof CompositePrimaryKey)) return;
  const say = (names: string, hint: string): CheckMessage =>
    new CheckError(`${names} cannot be included in the composite primary key.`, {
      hint,
      obj: model,
      id: 'models.E042',
    });
  const byColumn = new Map<string, string[]>();
  for (const name of pk.fieldNames) {
    const field = namedField(model, name);
    const wrong = whatIsWrong(model, field);
    if (wrong !== undefined) yield say(`'${name}'`, `'${name}' ${wrong}`);
    else if (field !== undefined) byColumn.set(field.column, [...(byColumn.get(field.column) ?? []), name]);
  }
  for (const [first, ...rest] of byColumn.values()) {
    if (rest.length === 0) continue;
    const names = rest.map((name) => `'${name}'`).join(', ');
    yield say(names, `${names} and '${first}' are the same fields.`);
  }
}

function whatIsWrong(model: Options, field: Field | undefined): string | undefined {
  if (field === undefined) return 'is not a valid field.';
  if (!field.concrete) return 'field has no column.';
  if (field.null) return "field may not set 'null=True'.";
  if (field.generated) return 'field is a generated field.';
  return model.localFields.includes(field) ? undefined : 'field is not a local field.';
}
