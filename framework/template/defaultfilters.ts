/**
 * The filters that every template has.
 *
 * Django: `django.template.defaultfilters`; https://docs.djangoproject.com/en/5.2/ref/templates/builtins/
 */
import * as html from './filters/html';
import * as lists from './filters/lists';
import * as numbers from './filters/numbers';
import * as strings from './filters/strings';
import * as values from './filters/values';
import { Library } from './library';

export {
  escapeFilter,
  escapejs,
  escapeseq,
  forceEscape,
  join,
  jsonScript,
  linebreaks,
  linebreaksbr,
  linenumbers,
  safe,
  safeseq,
  striptags,
  unorderedList,
  urlize,
  urlizetrunc,
} from './filters/html';
export { dictsort, dictsortreversed, first, last, length, random, slice } from './filters/lists';
export { add, divisibleby, filesizeformat, floatformat, getDigit, pluralize } from './filters/numbers';
export {
  addslashes,
  capfirst,
  center,
  cut,
  iriencode,
  ljust,
  lower,
  makeList,
  phone2numeric,
  rjust,
  slugify,
  stringformat,
  title,
  truncatechars,
  truncatecharsHtml,
  truncatewords,
  truncatewordsHtml,
  upper,
  urlencode,
  wordcount,
  wordwrap,
} from './filters/strings';
export { stringfilter } from './filters/support';
export {
  date,
  defaultFilter,
  defaultIfNone,
  pprint,
  time,
  timesince,
  timeuntil,
  yesno,
} from './filters/values';

export const register = new Library();

for (const part of [html, lists, numbers, strings, values]) part.register(register);
