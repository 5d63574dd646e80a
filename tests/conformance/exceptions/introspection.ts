/** Lines of introspection.jsonl that cannot agree, by the reason. */
export const INTROSPECTION_EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'Django’s reader of SQLite’s definitions counts the commas within an expression as columns.': [
    'sqlite get_constraints schema_jsonmodel 8b3713',
  ],
  'The statement that names the sequence anew is not in the line.': [
    'postgresql get_sequences backends_person 721f81',
  ],
};
