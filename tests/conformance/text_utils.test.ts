import { configure } from 'tsango/conf';
import * as text from 'tsango/utils/text';
import { argumentsOf, replay } from '../support/recorded';
import { describeVectors } from '../support/vectors';

configure({ USE_TZ: false });

type Kwargs = Record<string, unknown>;

const FUNCTIONS: Record<string, (args: unknown[], kwargs: Kwargs) => unknown> = {
  slugify: ([value, allowUnicode], kwargs) =>
    text.slugify(value, Boolean(allowUnicode ?? kwargs['allow_unicode'])),
  wrap: ([value, width]) => text.wrap(String(value), Number(width)),
  unescape_string_literal: ([value]) => text.unescapeStringLiteral(String(value)),
  normalize_newlines: ([value]) => text.normalizeNewlines(value),
  get_text_list: ([items, last]) =>
    last === undefined ? text.getTextList(items as unknown[]) : text.getTextList(items as unknown[], last),
  get_valid_filename: ([value]) => text.getValidFilename(value),
  phone2numeric: ([value]) => text.phone2numeric(value),
  capfirst: ([value]) => text.capfirst(value),
  camel_case_to_spaces: ([value]) => text.camelCaseToSpaces(String(value)),
  smart_split: ([value]) => text.smartSplit(value),
};

describeVectors('text_utils', 'text utilities', () => {
  replay('text_utils', (vector) => {
    const call = FUNCTIONS[String(vector['call'])];
    if (call === undefined) throw new Error(`There is no function ${String(vector['call'])}.`);
    const { args, kwargs } = argumentsOf(vector);
    return call(args, kwargs);
  });
});
