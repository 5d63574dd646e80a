import { configure } from 'tsango/conf';
import * as html from 'tsango/utils/html';
import type { Text } from 'tsango/utils/safestring';
import { argumentsOf, replay } from '../support/recorded';
import { describeVectors } from '../support/vectors';

configure({ USE_TZ: false });

type Kwargs = Record<string, unknown>;

/** Django's functions, whose results may be plain text where a lazy string went in. */
const FUNCTIONS: Record<string, (args: unknown[], kwargs: Kwargs) => unknown> = {
  escape: ([value]) => html.escape(value),
  conditional_escape: ([value]) => html.conditionalEscape(value),
  escapejs: ([value]) => html.escapejs(value),
  json_script: ([value, id], kwargs) => html.jsonScript(value, id ?? kwargs['element_id']),
  linebreaks: ([value, autoescape], kwargs) =>
    html.linebreaks(value, Boolean(autoescape ?? kwargs['autoescape'])),
  strip_tags: ([value]) => html.stripTags(value),
  strip_spaces_between_tags: ([value]) => html.stripSpacesBetweenTags(value),
  smart_urlquote: ([url]) => html.smartUrlquote(String(url)),
  avoid_wrapping: ([value]) => html.avoidWrapping(String(value)),
  format_html: ([format, ...values], kwargs) =>
    html.formatHtml(String(format), ...values, ...(Object.keys(kwargs).length > 0 ? [kwargs] : [])),
  format_html_join: ([separator, format, rows]) =>
    html.formatHtmlJoin(separator, String(format), rows as unknown[][]),
  urlize: ([value], kwargs) =>
    html.urlize(value, {
      trimUrlLimit: (kwargs['trim_url_limit'] as number | undefined) ?? null,
      nofollow: Boolean(kwargs['nofollow']),
      autoescape: Boolean(kwargs['autoescape']),
    }),
};

/** A fact may have been recorded through a lazy string, which loses that the result is safe. */
function asRecorded(value: unknown, expected: unknown): unknown {
  const plain = typeof expected === 'string' && typeof value === 'object';
  return plain ? String(value as Text) : value;
}

describeVectors('html_utils', 'HTML utilities', () => {
  replay(
    'html_utils',
    (vector) => {
      const call = FUNCTIONS[String(vector['call'])];
      if (call === undefined) throw new Error(`There is no function ${String(vector['call'])}.`);
      const { args, kwargs } = argumentsOf(vector);
      return asRecorded(call(args, kwargs), vector['result']);
    },
    {
      '{"args":["<h1>interop</h1>"],"call":"conditional_escape"}':
        'the value was an object of its own class with a method __html__, recorded as the text it prints',
    },
  );
});
