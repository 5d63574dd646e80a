/** Lines of introspection.jsonl that cannot agree, by the reason. */
export const INTROSPECTION_EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  'The statement that names the sequence anew is not in the line.': [
    'postgresql get_sequences backends_person 721f81',
  ],
};
