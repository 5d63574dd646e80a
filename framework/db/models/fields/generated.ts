/** Columns that the database calculates. Django: `GeneratedField`. */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Expression } from '../expressions/base';
import type { LookupConstructor } from '../lookups/base';
import type { TransformMaker } from '../lookups/registry';
import type { Options } from '../options';
import { type DbParameters, Field, type FieldOptions } from './base';

/** What a GeneratedField takes. */
export interface GeneratedFieldOptions extends FieldOptions {
  /** What it is, of columns of the same row. */
  expression: Expression;
  /** The type of its value. */
  outputField: Field;
  /** Whether the value is stored, and not calculated whenever it is read. PostgreSQL stores it. */
  dbPersist: boolean;
}

/**
 * A column that the database calculates. The instance has its value once it is saved.
 *
 * @throws ValueError for an editable one, one with a default, or without `dbPersist`.
 * @example
 * ```ts
 * @models.GeneratedField({ expression: F('price').mul(F('count')), outputField: new models.IntegerField(), dbPersist: true })
 * declare readonly total: number;
 * ```
 */
export class GeneratedField extends Field {
  readonly expression: Expression;
  readonly dbPersist: boolean;
  private output: Field;

  constructor(options: GeneratedFieldOptions) {
    if (options.editable) throw new ValueError('GeneratedField cannot be editable.');
    if (options.blank === false) throw new ValueError('GeneratedField must be blank.');
    if (Object.hasOwn(options, 'default')) throw new ValueError('GeneratedField cannot have a default.');
    if (Object.hasOwn(options, 'dbDefault'))
      throw new ValueError('GeneratedField cannot have a database default.');
    if (typeof options.dbPersist !== 'boolean') {
      throw new ValueError('GeneratedField.db_persist must be True or False.');
    }
    super({ ...options, editable: false, blank: true });
    this.expression = options.expression;
    this.output = options.outputField;
    this.dbPersist = options.dbPersist;
  }

  /** The type of its value. */
  get outputField(): Field {
    return this.output;
  }

  override get generated(): boolean {
    return true;
  }

  override get valueField(): Field {
    return this.output;
  }

  get internalType(): string {
    return this.output.internalType;
  }

  override contributeTo(model: Options, name: string): void {
    super.contributeTo(model, name);
    this.output = this.output.clone({ dbColumn: this.column });
    this.output.contributeTo(model, name);
  }

  override getLookup(name: string): LookupConstructor | undefined {
    return super.getLookup(name) ?? this.output.getLookup(name);
  }

  override getTransform(name: string): TransformMaker | undefined {
    return super.getTransform(name) ?? this.output.getTransform(name);
  }

  override dbParameters(connection: DatabaseWrapper): DbParameters {
    return this.output.dbParameters(connection);
  }

  override dbType(connection: DatabaseWrapper): string | null {
    return this.output.dbType(connection);
  }

  override dbTypeSuffix(_connection: DatabaseWrapper): string | null {
    return null;
  }

  /** The database fills it, in the rows that are there already, too. */
  override effectiveDefault(): unknown {
    return null;
  }

  override getPrepValue(value: unknown): unknown {
    return this.output.getPrepValue(value);
  }

  override toPython(value: unknown): unknown {
    return this.output.toPython(value);
  }

  override toDb(value: unknown, connection: DatabaseWrapper): unknown {
    return this.output.toDb(value, connection);
  }

  override fromDb(value: unknown, connection: DatabaseWrapper): unknown {
    return this.output.fromDb(value, connection);
  }
}
