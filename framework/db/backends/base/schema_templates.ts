/** The statements of a schema editor, with places for names. */
/** Statement templates; each database changes some. */
export const BASE_TEMPLATES = {
  createTable: 'CREATE TABLE %(table)s (%(definition)s)',
  renameTable: 'ALTER TABLE %(old_table)s RENAME TO %(new_table)s',
  deleteTable: 'DROP TABLE %(table)s CASCADE',
  createColumn: 'ALTER TABLE %(table)s ADD COLUMN %(column)s %(definition)s',
  alterColumn: 'ALTER TABLE %(table)s %(changes)s',
  alterColumnType: 'ALTER COLUMN %(column)s TYPE %(type)s',
  alterColumnNull: 'ALTER COLUMN %(column)s DROP NOT NULL',
  alterColumnNotNull: 'ALTER COLUMN %(column)s SET NOT NULL',
  alterColumnDefault: 'ALTER COLUMN %(column)s SET DEFAULT %(default)s',
  alterColumnNoDefault: 'ALTER COLUMN %(column)s DROP DEFAULT',
  alterColumnNoDefaultNull: 'ALTER COLUMN %(column)s DROP DEFAULT',
  /** Empty: what is said of a column stands in its definition, or nowhere. */
  alterColumnComment: '',
  alterTableComment: '',
  deleteColumn: 'ALTER TABLE %(table)s DROP COLUMN %(column)s CASCADE',
  renameColumn: 'ALTER TABLE %(table)s RENAME COLUMN %(old_column)s TO %(new_column)s',
  updateWithDefault: 'UPDATE %(table)s SET %(column)s = %(default)s WHERE %(column)s IS NULL',
  deleteConstraint: 'ALTER TABLE %(table)s DROP CONSTRAINT %(name)s',
  createCheck: 'ALTER TABLE %(table)s ADD CONSTRAINT %(name)s CHECK (%(check)s)',
  deleteCheck: 'ALTER TABLE %(table)s DROP CONSTRAINT %(name)s',
  createUnique:
    'ALTER TABLE %(table)s ADD CONSTRAINT %(name)s UNIQUE%(nulls_distinct)s (%(columns)s)%(deferrable)s',
  createUniqueIndex:
    'CREATE UNIQUE INDEX %(name)s ON %(table)s (%(columns)s)%(include)s%(nulls_distinct)s%(condition)s',
  deleteUnique: 'ALTER TABLE %(table)s DROP CONSTRAINT %(name)s',
  createFk:
    'ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(column)s) REFERENCES %(to_table)s (%(to_column)s)%(on_delete_db)s%(deferrable)s',
  /** Within CREATE TABLE; empty: foreign keys follow it as statements of their own. */
  createInlineFk: '',
  /** Within ADD COLUMN. */
  createColumnInlineFk: '',
  deleteFk: 'ALTER TABLE %(table)s DROP CONSTRAINT %(name)s',
  createIndex: 'CREATE INDEX %(name)s ON %(table)s%(using)s (%(columns)s)%(include)s%(extra)s%(condition)s',
  /** Empty: where the database cannot make an index beside those who write. */
  createIndexConcurrently: '',
  deleteIndexConcurrently: '',
  deleteIndex: 'DROP INDEX %(name)s',
  /** Empty: an index is made anew under its other name. */
  renameIndex: 'ALTER INDEX %(old_name)s RENAME TO %(new_name)s',
  createPk: 'ALTER TABLE %(table)s ADD CONSTRAINT %(name)s PRIMARY KEY (%(columns)s)',
  deletePk: 'ALTER TABLE %(table)s DROP CONSTRAINT %(name)s',
};

/** The templates of one database. */
export type Templates = Readonly<typeof BASE_TEMPLATES>;
