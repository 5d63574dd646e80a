import fc from 'fast-check';
import { numberPlaceholders } from 'tsango/db/backends/postgresql/placeholders';
import { splitStatements } from 'tsango/db/backends/scripts';
import { stopwatch } from '../support/processor';

describe('numberPlaceholders', () => {
  it.each([
    ['SELECT ? + ?', 'SELECT $1 + $2'],
    ['SELECT \'?\', "?", ? -- ?\n, ?', 'SELECT \'?\', "?", $1 -- ?\n, $2'],
    ["SELECT 'it''s ?' || ?", "SELECT 'it''s ?' || $1"],
    ['SELECT /* ? */ ?', 'SELECT /* ? */ $1'],
    ['SELECT $$ ? $$, $tag$ ? $tag$, ?', 'SELECT $$ ? $$, $tag$ ? $tag$, $1'],
    ["SELECT a ?? 'k' AND b = ?", "SELECT a ? 'k' AND b = $1"],
    ['SELECT ARRAY[?, ?]', 'SELECT ARRAY[$1, $2]'],
  ])('%s', (sql, numbered) => {
    expect(numberPlaceholders(sql)).toBe(numbered);
  });

  it('takes time in proportion to the length', () => {
    const worst = ['$'.repeat(100_000), "'".repeat(100_001), '/*'.repeat(50_000), '?'.repeat(100_000)];
    const spent = stopwatch();
    for (const sql of worst) numberPlaceholders(`${sql}?`);
    expect(spent()).toBeLessThan(2);
  });
});

describe('splitStatements', () => {
  it('splits at semicolons that end statements', () => {
    expect(splitStatements('INSERT \'a;b\'; -- c;d\n DELETE "x;y" ;;\n', 'sqlite')).toEqual([
      "INSERT 'a;b'",
      '-- c;d\n DELETE "x;y"',
    ]);
    expect(splitStatements("SELECT 'a\\';b'; SELECT 2 # c;d", 'mysql')).toEqual([
      "SELECT 'a\\';b'",
      'SELECT 2 # c;d',
    ]);
    expect(splitStatements('DO $f$ BEGIN; END; $f$; SELECT 1', 'postgresql')).toEqual([
      'DO $f$ BEGIN; END; $f$',
      'SELECT 1',
    ]);
  });

  it('keeps a trigger with its body together', () => {
    const trigger = 'CREATE TRIGGER t AFTER INSERT ON x BEGIN DELETE FROM y; UPDATE z SET a = 1; END';
    expect(splitStatements(`${trigger}; SELECT 1;`, 'sqlite')).toEqual([trigger, 'SELECT 1']);
  });

  it('loses nothing but semicolons and space', () => {
    const part = fc.constantFrom('SELECT 1', "'a;b'", '"x;"', '/* ; */', '1', ' ');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const statements = splitStatements(parts.join(';'), 'sqlite');
        const meant = parts.map((each) => each.trim()).filter((each) => each && !each.startsWith('/*'));
        expect(statements).toEqual(meant);
      }),
    );
  });
});
