/** Django: `django.db.models.indexes`, `django.db.models.constraints`. */
import { ValueError } from '../../core/exceptions';
import { namesDigest, splitIdentifier } from '../backends/utils';
import type { Field } from './fields/base';
import type { Options } from './options';

/** What an Index takes. */
export interface IndexOptions {
  /** The fields' names; a leading hyphen means descending. */
  fields: readonly string[];
  /** At most 30 characters; default: made from the table, the fields and a digest. */
  name?: string;
}

const MAX_NAME_LENGTH = 30;

/** An index of a model. https://docs.djangoproject.com/en/5.2/ref/models/indexes/ */
export class Index {
  readonly fields: readonly string[];
  name: string;

  /** @throws ValueError if there are no fields, or the name cannot be. */
  constructor({ fields, name = '' }: IndexOptions) {
    if (fields.length === 0)
      throw new ValueError('At least one field or expression is required to define an index.');
    if (name.length > MAX_NAME_LENGTH) {
      throw new ValueError(`Index names cannot be longer than ${MAX_NAME_LENGTH} characters.`);
    }
    this.fields = [...fields];
    this.name = name;
  }

  /** The fields, and whether each is in descending order. */
  get fieldOrders(): { name: string; descending: boolean }[] {
    return this.fields.map((field) =>
      field.startsWith('-') ? { name: field.slice(1), descending: true } : { name: field, descending: false },
    );
  }

  /** Gives the index the name that Django makes for it. */
  setNameWithModel(model: Options): void {
    const [, table] = splitIdentifier(model.dbTable);
    const columns = this.fieldOrders.map(({ name }) => model.getField(name).column);
    const withOrders = this.fieldOrders.map(
      ({ descending }, i) => `${descending ? '-' : ''}${columns[i] ?? ''}`,
    );
    const digest = namesDigest([table, ...withOrders, 'idx'], 6);
    this.name = `${table.slice(0, 11)}_${(columns[0] ?? '').slice(0, 7)}_${digest}_idx`;
    if (/^[_0-9]/.test(this.name)) this.name = `D${this.name.slice(1)}`;
  }

  clone(): Index {
    return new Index({ fields: this.fields, name: this.name });
  }

  /** What `describe()` of an operation says of it. */
  describeFields(): string {
    return this.fields.join(', ');
  }
}

/** What a UniqueConstraint takes. */
export interface UniqueConstraintOptions {
  fields: readonly string[];
  name: string;
}

/** A named UNIQUE over several columns. */
export class UniqueConstraint {
  readonly fields: readonly string[];
  readonly name: string;

  constructor({ fields, name }: UniqueConstraintOptions) {
    if (!name) throw new ValueError('A unique constraint must be named.');
    if (fields.length === 0) {
      throw new ValueError('At least one field or expression is required to define a unique constraint.');
    }
    this.fields = [...fields];
    this.name = name;
  }
}

/** What a CheckConstraint takes. */
export interface CheckConstraintOptions {
  /** SQL that is true of every row. Django takes a Q object. */
  condition: string;
  name: string;
}

/** A named CHECK. */
export class CheckConstraint {
  readonly condition: string;
  readonly name: string;

  constructor({ condition, name }: CheckConstraintOptions) {
    if (!name) throw new ValueError('A check constraint must be named.');
    this.condition = condition;
    this.name = name;
  }
}

/** A constraint of a model. */
export type Constraint = UniqueConstraint | CheckConstraint;

/** The columns of fields, in order. */
export function columnsOf(model: Options, names: readonly string[]): string[] {
  return names.map((name): Field => model.getField(name)).map((field) => field.column);
}
