// LOGGING: fields with a format specification. The first format is the `verbose` one of Django's own logging guide.

import { setup } from 'tsango';
import { configure } from 'tsango/conf';
import { getLogger } from 'tsango/utils/log';

const FORMATS: [style: string, format: string, expected: RegExp][] = [
  [
    '{',
    '{levelname} {asctime} {process:d} {message}',
    new RegExp(`^ERROR \\d{4}-\\d\\d-\\d\\d [\\d:,]+ ${process.pid} boom$`),
  ],
  ['{', '{process:d} {thread:d} {message}', new RegExp(`^${process.pid} \\d+ boom$`)],
  ['%', '%(process)d %(thread)d %(message)s', new RegExp(`^${process.pid} \\d+ boom$`)],
  ['{', '{levelname!s:<8}|{created:.0f}', /^ERROR {3}\|\d{10}$/],
];
const lines: string[] = [];
class Collect {
  write(text: string) {
    lines.push(text.trimEnd());
    return true;
  }
}
const stream = new Collect();

beforeAll(() => {
  const formatters = Object.fromEntries(FORMATS.map(([style, format], i) => [`f${i}`, { style, format }]));
  const handlers = Object.fromEntries(
    FORMATS.map((_, i) => [`h${i}`, { class: 'logging.StreamHandler', stream, formatter: `f${i}` }]),
  );
  configure({
    SECRET_KEY: 'x',
    LOGGING: {
      version: 1,
      formatters,
      handlers,
      loggers: { shop: { handlers: Object.keys(handlers), propagate: false } },
    },
  });
  setup();
  getLogger('shop').error('boom');
});

it.each(FORMATS.map(([style, format, expected], i) => [format, expected, i, style] as const))(
  '%s',
  (_format, expected, i) => {
    expect(lines[i]).toMatch(expected);
  },
);
