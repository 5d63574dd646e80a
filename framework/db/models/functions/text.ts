/**
 * Functions of one text. Django: `django.db.models.functions.text`;
 * https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#text-functions
 */
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Compiler, Expression, Sql } from '../expressions/base';
import type { FuncOptions } from '../expressions/func';
import type { Field } from '../fields/base';
import { IntegerField } from '../fields/numbers';
import { CharField } from '../fields/text';
import { Transform } from '../lookups/transform';
import { type Callable, callable, type MadeTransform, named } from './callable';

/** How a function of one text differs. */
interface TextFunction {
  sql?: string;
  sqlite?: string;
  mysql?: string;
  mysqlTemplate?: string;
  postgresqlTemplate?: string;
  field?: () => Field;
}

function ofText<V = string | null>(
  name: string,
  own: TextFunction = {},
): Callable<
  MadeTransform<typeof Transform, [expression: Expression | string, options?: FuncOptions], Transform<V>>
> {
  const Class = class extends Transform<V> {
    static override readonly lookupName: string = name.toLowerCase();
    protected override readonly functionName = own.sql ?? name.toUpperCase();

    constructor(expression: Expression | string, options: FuncOptions = {}) {
      super(expression, options);
    }

    protected override resolveOutputField(): Field | undefined {
      return own.field?.() ?? super.resolveOutputField();
    }

    override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
      return this.write(compiler, connection, own.sqlite === undefined ? {} : { function: own.sqlite });
    }

    asMysql(compiler: Compiler, connection: DatabaseWrapper): Sql {
      return this.write(compiler, connection, {
        ...(own.mysql !== undefined && { function: own.mysql }),
        ...(own.mysqlTemplate !== undefined && { template: own.mysqlTemplate }),
      });
    }

    asPostgresql(compiler: Compiler, connection: DatabaseWrapper): Sql {
      const template = own.postgresqlTemplate;
      return this.write(compiler, connection, template === undefined ? {} : { template });
    }
  };
  return callable(named(name, Class));
}

const integer = (): Field => new IntegerField();

/** The character of a code point. */
export const Chr = ofText('Chr', {
  sqlite: 'CHAR',
  mysql: 'CHAR',
  mysqlTemplate: '%(function)s(%(expressions)s USING utf16)',
  field: () => new CharField(),
});
/** How many characters. */
export const Length = ofText<number | null>('Length', { mysql: 'CHAR_LENGTH', field: integer });
/** In small letters. */
export const Lower = ofText('Lower');
/** Without spaces at its start. */
export const LTrim = ofText('LTrim');
/** The code point of the first character. */
export const Ord = ofText<number | null>('Ord', {
  sql: 'ASCII',
  sqlite: 'UNICODE',
  mysql: 'ORD',
  field: integer,
});
/** Backwards. */
export const Reverse = ofText('Reverse');
/** Without spaces at its end. */
export const RTrim = ofText('RTrim');
/** Without spaces at its start and its end. */
export const Trim = ofText('Trim');
/** In capital letters. */
export const Upper = ofText('Upper');

/** PostgreSQL has these itself; SHA1 alone needs the extension pgcrypto. */
function sha2(bits: 224 | 256 | 384 | 512): ReturnType<typeof ofText> {
  return ofText(`SHA${bits}`, {
    mysqlTemplate: `SHA2(%(expressions)s, ${bits})`,
    postgresqlTemplate: `ENCODE(SHA${bits}(CONVERT_TO(%(expressions)s, 'UTF8')), 'hex')`,
  });
}

/** A hash of the text, in hexadecimal figures. */
export const MD5 = ofText('MD5');
/** A hash of the text, in hexadecimal figures. On PostgreSQL it needs the extension pgcrypto. */
export const SHA1 = ofText('SHA1', { postgresqlTemplate: "ENCODE(DIGEST(%(expressions)s, 'sha1'), 'hex')" });
/** A hash of the text, in hexadecimal figures. */
export const SHA224 = sha2(224);
/** A hash of the text, in hexadecimal figures. */
export const SHA256 = sha2(256);
/** A hash of the text, in hexadecimal figures. */
export const SHA384 = sha2(384);
/** A hash of the text, in hexadecimal figures. */
export const SHA512 = sha2(512);
