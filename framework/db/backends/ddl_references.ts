/**
 * Statements that can be held back: they know which tables and columns they name, and follow renames until they
 * run. Django: `django.db.backends.ddl_references`.
 */

/** A table and some of its columns, as a statement refers to them. */
export interface Reference {
  table: string;
  columns: string[];
}

/** The parts of a statement. A part that is a function is made when the statement is written out. */
export interface StatementParts {
  /** The table that the statement is about; `%(table)s` and `%(columns)s`. */
  subject: Reference;
  /** The table that it refers to; `%(to_table)s` and `%(to_column)s`. */
  target?: Reference;
  /** Everything else; made from the references as they are then. */
  parts: (subject: Reference, target: Reference | undefined) => Record<string, string>;
}

/** Fills `%(name)s` in. */
export function fill(template: string, parts: Readonly<Record<string, string>>): string {
  return template.replace(/%\((\w+)\)s/g, (_, name: string) => parts[name] ?? '');
}

/** A statement of a schema editor. */
export class Statement {
  constructor(
    private readonly template: string,
    private readonly content: StatementParts,
  ) {}

  private get references(): Reference[] {
    return this.content.target ? [this.content.subject, this.content.target] : [this.content.subject];
  }

  referencesTable(table: string): boolean {
    return this.references.some((reference) => reference.table === table);
  }

  referencesColumn(table: string, column: string): boolean {
    return this.references.some(
      (reference) => reference.table === table && reference.columns.includes(column),
    );
  }

  /** Whether it is about the index of that (quoted) name. */
  referencesIndex(table: string, index: string): boolean {
    const { subject, target, parts } = this.content;
    return subject.table === table && parts(subject, target)['name'] === index;
  }

  renameTable(from: string, to: string): void {
    for (const reference of this.references) if (reference.table === from) reference.table = to;
  }

  renameColumn(table: string, from: string, to: string): void {
    for (const reference of this.references) {
      if (reference.table !== table) continue;
      reference.columns = reference.columns.map((column) => (column === from ? to : column));
    }
  }

  toString(): string {
    const { subject, target, parts } = this.content;
    return fill(this.template, parts(subject, target));
  }
}
