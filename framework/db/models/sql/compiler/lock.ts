/** FOR UPDATE. Django: `SQLCompiler.get_select_for_update_of_arguments`. */
import { FieldError } from '../../../../core/exceptions';
import { NotSupportedError, TransactionManagementError } from '../../../errors';
import { Col } from '../../expressions/col';
import type { RowLock } from '../query';
import type { KlassInfo } from './related';
import type { SelectCompiler } from './select';

/**
 * What locks the rows; nothing where the database has no such thing.
 *
 * @throws TransactionManagementError outside of a transaction; NotSupportedError for what the database has not.
 */
export function lockSql(compiler: SelectCompiler, lock: RowLock): string {
  const { features, ops, vendor, inAtomicBlock } = compiler.connection;
  if (!features.hasSelectForUpdate) return '';
  if (!inAtomicBlock) {
    throw new TransactionManagementError('select_for_update cannot be used outside of a transaction.');
  }
  const refuse = (what: string): never => {
    throw new NotSupportedError(`${what} is not supported on this database backend.`);
  };
  if (lock.skipLocked && !features.hasSelectForUpdateSkipLocked) refuse('SKIP LOCKED');
  if (lock.of.length > 0 && vendor !== 'postgresql') refuse('FOR UPDATE OF');
  if (lock.noKey && vendor !== 'postgresql') refuse('FOR NO KEY UPDATE');
  return ops.forUpdateSql({ ...lock, of: lock.of.map((name) => tableOf(compiler, name, lock)) });
}

/** The table of a relation that the query follows. @throws FieldError for another name. */
function tableOf(compiler: SelectCompiler, name: string, lock: RowLock): string {
  let info: KlassInfo | undefined = compiler.klassInfo;
  for (const part of name === 'self' ? [] : name.split('__')) {
    info = info?.related.find((each) => each.name === part);
  }
  const column = info === undefined ? undefined : compiler.selected[info.from]?.expression;
  if (!(column instanceof Col) || column.alias === undefined) {
    const wrong = lock.of.filter((each) => !choices(compiler.klassInfo).includes(each));
    throw new FieldError(
      `Invalid field name(s) given in select_for_update(of=(...)): ${wrong.join(', ')}. Only relational fields followed ` +
        `in the query are allowed. Choices are: ${choices(compiler.klassInfo).join(', ')}.`,
    );
  }
  return compiler.quoteNameUnlessAlias(column.alias);
}

function choices(info: KlassInfo | undefined, prefix = ''): string[] {
  if (info === undefined) return [];
  return [
    ...(prefix === '' ? ['self'] : []),
    ...info.related.flatMap((each) => [`${prefix}${each.name}`, ...choices(each, `${prefix}${each.name}__`)]),
  ];
}
