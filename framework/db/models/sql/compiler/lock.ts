/** FOR UPDATE. Django: `SQLCompiler.get_select_for_update_of_arguments`. */
import { FieldError } from '../../../../core/exceptions';
import { NotSupportedError, TransactionManagementError } from '../../../errors';
import { Col } from '../../expressions/col';
import type { Options } from '../../options';
import { LOOKUP_SEP } from '../constants';
import type { RowLock } from '../query';
import type { KlassInfo, RelatedInfo } from './related';
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
  return ops.forUpdateSql({ ...lock, of: tablesOf(compiler, lock) });
}

/** A model whose rows the query reads: its columns, and what they lead to. */
interface Source {
  readonly name: string;
  readonly model: Options;
  /** Those of its own table and of its parents' tables. */
  readonly columns: readonly Col[];
  readonly related: readonly RelatedInfo[];
}

function sourceOf(compiler: SelectCompiler, info: KlassInfo, name: string): Source {
  const columns = compiler.selected
    .slice(info.from, info.from + info.fields.length)
    .map(({ expression }) => expression)
    .filter((expression): expression is Col => expression instanceof Col);
  return { name, model: info.model, columns, related: info.related };
}

/** What a model's rows are joined with: the tables of its parents, then its relations. */
function behind(compiler: SelectCompiler, source: Source): Source[] {
  const parents = [...source.model.concreteModel.parents].flatMap(([model, link]): Source[] => {
    if (link === undefined) return [];
    const isPart = ({ target }: Col): boolean =>
      target.model === model || model.allParents.includes(target.model);
    return [{ name: link.name, model, columns: source.columns.filter(isPart), related: [] }];
  });
  return [...parents, ...source.related.map((each) => sourceOf(compiler, each, each.name))];
}

/** The tables of relations that the query follows; rows of values have none. @throws FieldError for other names. */
function tablesOf(compiler: SelectCompiler, { of }: RowLock): string[] {
  const { klassInfo } = compiler;
  if (klassInfo === undefined) return [];
  const self = sourceOf(compiler, klassInfo, 'self');
  const wrong: string[] = [];
  const tables = of.flatMap((name): string[] => {
    let found: Source | undefined = self;
    for (const part of name === 'self' ? [] : name.split(LOOKUP_SEP)) {
      found = found && behind(compiler, found).find((each) => each.name === part);
    }
    if (found === undefined) wrong.push(name);
    const own = found?.columns.find(({ target }) => target.model === found?.model.concreteModel);
    return own?.alias === undefined ? [] : [compiler.quoteNameUnlessAlias(own.alias)];
  });
  if (wrong.length === 0) return tables;
  throw new FieldError(
    `Invalid field name(s) given in select_for_update(of=(...)): ${wrong.join(', ')}. Only relational fields followed ` +
      `in the query are allowed. Choices are: ${choices(compiler, self).join(', ')}.`,
  );
}

/** The names that can be given, the nearest first. */
function choices(compiler: SelectCompiler, self: Source): string[] {
  const names = ['self'];
  let level = [{ source: self, path: '' }];
  while (level.length > 0) {
    level = level.flatMap(({ source, path }) =>
      behind(compiler, source).map((next) => ({ source: next, path: `${path}${next.name}${LOOKUP_SEP}` })),
    );
    names.push(...level.map(({ path }) => path.slice(0, -LOOKUP_SEP.length)));
  }
  return names;
}
