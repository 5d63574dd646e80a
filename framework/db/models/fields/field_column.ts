/** A field as a column: its types in each database, and its values on their way there and back. */
import type { DatabaseWrapper } from '../../backends/base/base';
import { FieldDeclaration } from './field_declaration';
import { columnOptions, type DbParameters } from './field_options';

/** The part of a field that databases see. */
export abstract class FieldColumn extends FieldDeclaration {
  /** What of the field matters to the table: two fields that agree in this have the same column. */
  schemaOptions(): Record<string, unknown> {
    return columnOptions(this.options);
  }

  /** The column's type in a database, and its check. */
  dbParameters(connection: DatabaseWrapper): DbParameters {
    const check = connection.dataTypeCheckConstraints[this.internalType];
    return {
      type: this.dbType(connection),
      check: check === undefined ? null : this.interpolate(check, connection),
      collation: this.options.dbCollation ?? null,
    };
  }

  /** The column's type in a database. */
  dbType(connection: DatabaseWrapper): string | null {
    const template = connection.dataTypes[this.internalType];
    return template === undefined ? null : this.interpolate(template, connection);
  }

  /** The type that CAST makes a value this field's with. */
  castDbType(connection: DatabaseWrapper): string | null {
    const { castTypes, castTextType } = connection.ops;
    if (this.internalType === 'CharField' && this.maxLength === null) return castTextType;
    const template = castTypes[this.internalType];
    return template === undefined ? this.dbType(connection) : this.interpolate(template, connection);
  }

  /** The type of a foreign key's column that refers to this field. */
  relDbType(connection: DatabaseWrapper): string | null {
    return this.dbType(connection);
  }

  /** What follows the type and its constraints: AUTOINCREMENT. */
  dbTypeSuffix(connection: DatabaseWrapper): string | null {
    return connection.dataTypesSuffix[this.internalType] ?? null;
  }

  /**
   * A value as the field has it, whatever it was given as: what a form or a program hands over never reaches a database
   * as it is. Django: `get_prep_value`.
   *
   * @throws ValueError, TypeError, ValidationError as Django's field does.
   */
  getPrepValue(value: unknown): unknown {
    return value === undefined ? null : value;
  }

  /** A value as it is stored. @throws what `getPrepValue` throws. */
  toDb(value: unknown, _connection: DatabaseWrapper): unknown {
    return this.getPrepValue(value);
  }

  /** A value that is compared with stored ones. @throws what `getPrepValue` throws. */
  lookupToDb(value: unknown, connection: DatabaseWrapper): unknown {
    return this.toDb(value, connection);
  }

  /** A stored value as JavaScript has it. */
  fromDb(value: unknown, _connection: DatabaseWrapper): unknown {
    return value;
  }

  /** The value that an instance has, null where it has none. */
  valueIn(instance: object): unknown {
    return (instance as Readonly<Record<string, unknown>>)[this.property] ?? null;
  }

  /** The value to store at a save; a field can set it itself (`autoNow`). */
  preSave(value: unknown, _adding: boolean): unknown {
    return value;
  }

  protected interpolate(template: string, _connection: DatabaseWrapper): string {
    const values = this.typeParameters();
    return template.replace(/%\((\w+)\)s/g, (_, name: string) => String(values[name] ?? ''));
  }

  protected typeParameters(): Record<string, unknown> {
    return { max_length: this.maxLength, column: this.modelOrNone === undefined ? '' : this.column };
  }
}
