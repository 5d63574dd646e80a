/** Django: `django.db.backends.mysql.operations`. */
import { ValueError } from '../../../core/exceptions';
import { DatabaseOperations } from '../base/operations';

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\u001a': '\\Z',
};

export class MysqlOperations extends DatabaseOperations {
  readonly maxNameLength = 64;

  quoteName(name: string): string {
    return name.startsWith('`') && name.endsWith('`') && name.length > 1
      ? name
      : `\`${name.replaceAll('`', '``')}\``;
  }

  quoteValue(value: unknown): string {
    if (value === null || value === undefined) return 'NULL';
    if (typeof value === 'boolean') return value ? '1' : '0';
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    if (typeof value === 'string') return `'${[...value].map((char) => ESCAPES[char] ?? char).join('')}'`;
    if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString('hex')}'`;
    if (value instanceof Date) return `'${this.adaptDatetime(value)}'`;
    throw new ValueError(`Cannot quote parameter value ${String(value)} of type ${typeof value}`);
  }

  sqlFlush(tables: readonly string[]): string[] {
    if (tables.length === 0) return [];
    return [
      'SET FOREIGN_KEY_CHECKS = 0;',
      ...tables.map((table) => `DELETE FROM ${this.quoteName(table)};`),
      'SET FOREIGN_KEY_CHECKS = 1;',
    ];
  }
}
