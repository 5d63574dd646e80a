// |localize and |unlocalize keep a safe string safe (str() of a SafeString is that SafeString).
import { configure } from 'tsango/conf';
import { makeContext } from 'tsango/template/context';
import { Engine } from 'tsango/template/engine';
import { markSafe } from 'tsango/utils/safestring';

configure({ SECRET_KEY: 'x' });
const engine = new Engine({ libraries: { l10n: 'tsango.templatetags.l10n' } });

it.each(['localize', 'unlocalize'])('%s', (filter) => {
  const template = engine.fromString(`{% load l10n %}{{ x|${filter} }} {{ x|${filter}|lower }}`);
  // Django 5.2.18
  expect(template.render(makeContext({ x: markSafe('<i>a</i>') }, null, { autoescape: true }))).toBe(
    '<i>a</i> <i>a</i>',
  );
});
