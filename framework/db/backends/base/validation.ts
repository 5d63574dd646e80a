/** What a kind of database has to say of fields and of itself. Django: `django.db.backends.base.validation`. */
import type { CheckMessage } from '../../../core/checks/messages';
import { ImproperlyConfigured } from '../../../core/exceptions';
import type { MaybePromise } from '../../../utils/maybe_promise';
import type { Field } from '../../models/fields/base';
import type { DatabaseWrapper } from './base';

/** What `check --database` asks of a database. */
export class DatabaseValidation {
  constructor(protected readonly connection: DatabaseWrapper) {}

  /** What is wrong with the database itself; it may be asked. */
  check(): MaybePromise<CheckMessage[]> {
    return [];
  }

  /** What is wrong with a field here. Relations have the column of what they refer to, which is looked at itself. */
  checkField(field: Field): CheckMessage[] {
    if (
      this.checkFieldType === undefined ||
      field.isRelation() ||
      !field.model.hasRequiredFeatures(this.connection)
    )
      return [];
    const type = this.typeOf(field);
    return type === null ? [] : this.checkFieldType(field, type);
  }

  /** Its type, if it can be told: what an option is missing for is found by another check. */
  private typeOf(field: Field): string | null {
    try {
      return field.dbType(this.connection);
    } catch (error) {
      if (error instanceof ImproperlyConfigured) return null;
      throw error;
    }
  }

  /** What is wrong with a field of that type, for databases that do not take each type everywhere. */
  protected checkFieldType?(field: Field, type: string): CheckMessage[];
}
