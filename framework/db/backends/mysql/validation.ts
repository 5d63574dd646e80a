/** What MySQL and MariaDB have to say of fields and of themselves. Django: `django.db.backends.mysql.validation`. */
import { type CheckMessage, Warning } from '../../../core/checks/messages';
import type { Field } from '../../models/fields/base';
import { DatabaseValidation } from '../base/validation';

/** Types that have no plain index. */
const LIMITED_DATA_TYPES = new Set(
  'tinyblob blob mediumblob longblob tinytext text mediumtext longtext json'.split(' '),
);
/** So many characters of a key are always possible. */
const MAX_UNIQUE_LENGTH = 255;
const STRICT_MODES = new Set(['STRICT_TRANS_TABLES', 'STRICT_ALL_TABLES']);

export class MysqlValidation extends DatabaseValidation {
  /** Without a strict mode values are cut short instead of refused. */
  override async check(): Promise<CheckMessage[]> {
    const { connection } = this;
    await connection.learnFeatures();
    const { rows } = await connection.execute('SELECT @@sql_mode AS mode');
    const modes = String(rows[0]?.['mode']).split(',');
    if (modes.some((mode) => STRICT_MODES.has(mode))) return [];
    const name = connection.displayName;
    return [
      new Warning(`${name} Strict Mode is not set for database connection '${connection.alias}'`, {
        hint:
          `${name}'s Strict Mode fixes many data integrity problems in ${name}, such as data truncation upon insertion, ` +
          'by escalating warnings into errors. It is strongly recommended you activate it. See: ' +
          'https://docs.djangoproject.com/en/5.2/ref/databases/#mysql-sql-mode',
        id: 'mysql.W002',
      }),
    ];
  }

  protected override checkFieldType(field: Field, type: string): CheckMessage[] {
    const name = this.connection.displayName;
    const found: CheckMessage[] = [];
    const { maxLength } = field;
    if (type.startsWith('varchar') && field.unique && (maxLength === null || maxLength > MAX_UNIQUE_LENGTH)) {
      found.push(
        new Warning(`${name} may not allow unique CharFields to have a maxLength > ${MAX_UNIQUE_LENGTH}.`, {
          hint: 'See: https://docs.djangoproject.com/en/5.2/ref/databases/#mysql-character-fields',
          obj: field,
          id: 'mysql.W003',
        }),
      );
    }
    if (field.dbIndex && LIMITED_DATA_TYPES.has(type.toLowerCase())) {
      found.push(
        new Warning(`${name} does not support a database index on ${type} columns.`, {
          hint: "An index won't be created. Silence this warning if you don't care about it.",
          obj: field,
          id: 'fields.W162',
        }),
      );
    }
    return found;
  }
}
