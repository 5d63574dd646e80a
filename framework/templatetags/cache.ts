/** `{% load cache %}`: keeps rendered parts of a page. Django: `django.templatetags.cache`. */
import type { BaseCache } from '../core/cache';
import { repr, toInt, toStr } from '../python';
import type { Emitter } from '../template/compile/emitter';
import type { Context } from '../template/context';
import { TemplateSyntaxError } from '../template/exceptions';
import { Library } from '../template/library';
import type { NodeList } from '../template/node';
import { ready } from '../template/runtime/runtime';
import { EnclosingNode } from '../template/tags/flow';
import type { FilterExpression } from '../template/variable';
import { isPromise } from '../utils/maybe_promise';
import { SafeString } from '../utils/safestring';

export const register = new Library();

/** A part of a page, from the cache or to be stored there. */
interface Fragment {
  /** What the cache has; `null` if nothing. */
  readonly value: string | null;
  store(context: Context, value: string): void;
}

function cacheOf(name: unknown): BaseCache {
  const { caches, InvalidCacheBackendError } = require('../core/cache') as typeof import('../core/cache');
  try {
    if (name !== null) return caches.get(toStr(name));
    try {
      return caches.get('template_fragments');
    } catch (error) {
      if (!(error instanceof InvalidCacheBackendError)) throw error;
      return caches.get('default');
    }
  } catch (error) {
    if (name === null || !(error instanceof InvalidCacheBackendError)) throw error;
    throw new TemplateSyntaxError(`Invalid cache name specified for cache tag: ${repr(name)}`);
  }
}

function timeoutOf(value: unknown): number | null {
  if (value === null) return null;
  try {
    return Number(toInt(value));
  } catch {
    throw new TemplateSyntaxError(`"cache" tag got a non-integer timeout value: ${repr(value)}`);
  }
}

class CacheNode extends EnclosingNode {
  constructor(
    nodelist: NodeList,
    private readonly expireTime: FilterExpression,
    readonly fragmentName: string,
    private readonly varyOn: readonly FilterExpression[],
    private readonly cacheName: FilterExpression | null,
  ) {
    super(nodelist);
  }

  override emit(emitter: Emitter): void {
    const fragment = emitter.variable();
    const node = emitter.constant(this);
    const varyOn = this.varyOn.map((value) => emitter.ready(value)).join(', ');
    const name = this.cacheName === null ? 'null' : emitter.ready(this.cacheName);
    emitter.line(`${fragment} = ${node}.find(ctx, ${emitter.ready(this.expireTime)}, ${name}, [${varyOn}]);`);
    emitter.line(`if (${fragment}.value === null) {`);
    const text = emitter.capture(this.nodelist);
    emitter.line(`${fragment}.store(ctx, ${text});`);
    emitter.raw(text);
    emitter.line('} else {');
    emitter.raw(`${fragment}.value`);
    emitter.line('}');
  }

  /** Called while rendering. */
  find(context: Context, expireTime: unknown, cacheName: unknown, varyOn: readonly unknown[]): Fragment {
    const timeout = timeoutOf(expireTime);
    const cache = cacheOf(cacheName);
    const { makeTemplateFragmentKey } =
      require('../core/cache/utils') as typeof import('../core/cache/utils');
    const key = makeTemplateFragmentKey(this.fragmentName, varyOn, toStr);
    const { waiting } = context;
    const found = ready(
      waiting === null ? cache.get(key) : waiting.again(this, () => cache.get(key)),
      context,
    );
    return {
      value: found === null || found === undefined ? null : toStr(found),
      store(current, value) {
        // Django stores a safe string, which its other end expects.
        const { whenCommitted } =
          require('../core/cache/transactions') as typeof import('../core/cache/transactions');
        const stored = whenCommitted(() => cache.set(key, new SafeString(value), timeout));
        if (isPromise(stored)) current.waiting?.background(stored);
      },
    };
  }
}

register.tag('cache', (parser, token) => {
  const nodelist = parser.parse(['endcache']);
  parser.deleteFirstToken();
  const words = token.splitContents();
  if (words.length < 3) throw new TemplateSyntaxError("''cache'' tag requires at least 2 arguments.");
  let cacheName: FilterExpression | null = null;
  const last = words.at(-1) as string;
  if (words.length > 3 && last.startsWith('using=')) {
    cacheName = parser.compileFilter(last.slice('using='.length));
    words.pop();
  }
  return new CacheNode(
    nodelist,
    parser.compileFilter(words[1] as string),
    words[2] as string,
    words.slice(3).map((word) => parser.compileFilter(word)),
    cacheName,
  );
});
