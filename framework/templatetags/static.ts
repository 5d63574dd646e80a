/** `{% load static %}`: addresses of static files. Django: `django.templatetags.static`. */
import { apps } from '../apps';
import { settings } from '../conf';
import { splitWords, toStr } from '../python';
import type { Emitter } from '../template/compile/emitter';
import { TemplateSyntaxError } from '../template/exceptions';
import { Library } from '../template/library';
import { ValueNode } from '../template/tags/values';
import type { FilterExpression } from '../template/variable';
import { iriToUri, quote } from '../utils/encoding';
import { conditionalEscape, escapeToText } from '../utils/html';
import { once } from '../utils/module_loading';

// Asked for at each page: a module that others have loaded is looked for anew at each `require`.
const storage = once(
  () => require('../contrib/staticfiles/storage') as typeof import('../contrib/staticfiles/storage'),
);

export const register = new Library();

/** The address of a static file. With contrib.staticfiles installed, its storage decides. */
export function static_(path: unknown): string {
  const name = toStr(path);
  if (apps.ready && apps.isInstalled('tsango.contrib.staticfiles')) {
    const { staticfilesStorage } = storage();
    return staticfilesStorage().url(name);
  }
  return joinUrl(prefixOf('STATIC_URL'), quote(name));
}

export { static_ as static };

function prefixOf(name: 'STATIC_URL' | 'MEDIA_URL'): string {
  return iriToUri(settings[name] ?? '');
}

/** Python's `urljoin` for a base that is a path or an absolute URL. */
function joinUrl(base: string, path: string): string {
  if (base === '') return path;
  if (path === '') return base;
  const isAbsolute = /^[a-z][a-z0-9+.-]*:\/\//i.test(base);
  const origin = 'http://static.invalid';
  try {
    const joined = new URL(path, new URL(base, `${origin}/`)).href;
    return isAbsolute || base.startsWith('//') || !joined.startsWith(origin)
      ? base.startsWith('//')
        ? joined.replace(/^http:/, '')
        : joined
      : joined.slice(origin.length + (base.startsWith('/') || path.startsWith('/') ? 0 : 1));
  } catch {
    return base + path;
  }
}

class PrefixNode extends ValueNode {
  constructor(
    private readonly setting: 'STATIC_URL' | 'MEDIA_URL',
    protected override readonly asVar: string | null,
  ) {
    super();
  }

  protected override code(emitter: Emitter): string {
    return `${emitter.constant(prefixOf)}("${this.setting}")`;
  }
}

class StaticNode extends ValueNode {
  constructor(
    private readonly path: FilterExpression,
    protected override readonly asVar: string | null,
  ) {
    super();
  }

  protected override code(emitter: Emitter): string {
    const url = `${emitter.constant(static_)}(${emitter.ready(this.path)})`;
    const escaping = emitter.constant(this.asVar === null ? escapeToText : conditionalEscape);
    if (emitter.autoescape === 'false') return url;
    return emitter.autoescape === 'true' ? `${escaping}(${url})` : `(ae ? ${escaping}(${url}) : ${url})`;
  }
}

for (const [tag, setting] of [
  ['get_static_prefix', 'STATIC_URL'],
  ['get_media_prefix', 'MEDIA_URL'],
] as const) {
  register.tag(tag, (_parser, token) => {
    const words = splitWords(token.contents);
    if (words.length > 1 && (words[1] !== 'as' || words[2] === undefined)) {
      throw new TemplateSyntaxError(`First argument in '${tag}' must be 'as'`);
    }
    return new PrefixNode(setting, words[2] ?? null);
  });
}

register.tag('static', (parser, token) => {
  const bits = token.splitContents();
  if (bits.length < 2) {
    throw new TemplateSyntaxError("'static' takes at least one argument (path to file)");
  }
  const path = parser.compileFilter(bits[1] as string);
  return new StaticNode(path, bits.at(-2) === 'as' ? (bits[3] ?? null) : null);
});
