/** Several fields as one: keys of several columns. Django: `django.db.models.fields.composite`, tuples of fields. */
import type { LookupConstructor } from '../lookups/base';
import { Field } from './base';

/** A field without a column of its own, whose value is the list of others' values. */
export abstract class FieldGroup extends Field {
  override readonly emptyStringsAllowed: boolean = false;

  abstract readonly fields: readonly Field[];

  override get concrete(): boolean {
    return false;
  }

  override dbType(): string | null {
    return null;
  }

  override valueIn(instance: object): readonly unknown[] | null {
    const values = this.fields.map((field) => field.valueIn(instance));
    return values.includes(null) ? null : values;
  }

  override getLookup(name: string): LookupConstructor | undefined {
    const { tupleLookups } = require('../lookups/tuples') as typeof import('../lookups/tuples');
    return tupleLookups.get(name);
  }

  override getTransform(): undefined {
    return undefined;
  }
}

/** The fields that a relation compares, on one of its sides. */
export class FieldTuple extends FieldGroup {
  readonly internalType = 'FieldTuple';

  constructor(
    /** The relation, by whose name messages call it. */
    relation: Field,
    readonly fields: readonly Field[],
  ) {
    super();
    this.contributeTo((fields[0] as Field).model, relation.name);
  }
}

/** One field as it is, several as a tuple. */
export function together(relation: Field, fields: readonly Field[]): Field {
  const [only] = fields;
  return fields.length === 1 && only !== undefined ? only : new FieldTuple(relation, fields);
}

/** The fields that have columns: of a group its members, otherwise the field itself. */
export function membersOf(field: Field): readonly Field[] {
  return field instanceof FieldGroup ? field.fields : [field];
}
