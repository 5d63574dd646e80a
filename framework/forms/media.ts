/** Scripts and style sheets of widgets and forms. https://docs.djangoproject.com/en/5.2/topics/forms/media/ */
import { KeyError } from '../core/exceptions';
import { repr } from '../python/str';
import { static_ } from '../templatetags/static';
import { formatHtml } from '../utils/html';
import { SafeString } from '../utils/safestring';
import { topologicalOrder } from './media_order';
import { flatatt } from './utils';

/** The address of an asset: absolute ones as they are, others below STATIC_URL. */
function absolutePath(path: string): string {
  return /^(?:https?:\/\/|\/)/.test(path) ? path : static_(path);
}

/** An asset that writes its own element. */
export class MediaAsset {
  /** `{path}` and `{attributes}` are filled in. */
  declare elementTemplate: string;
  readonly attributes: Readonly<Record<string, unknown>>;

  constructor(
    readonly source: string,
    attributes: Readonly<Record<string, unknown>> = {},
  ) {
    this.attributes = attributes;
  }

  get path(): string {
    return absolutePath(this.source);
  }

  toHTML(): string {
    return formatHtml(this.elementTemplate, { path: this.path, attributes: flatatt(this.attributes) }).value;
  }

  toString(): string {
    return this.toHTML();
  }

  repr(): string {
    return `${this.constructor.name}(${repr(this.source)})`;
  }
}
MediaAsset.prototype.elementTemplate = '{path}';

/** A script with attributes: `new Script('js/map.js', { defer: true })`. */
export class Script extends MediaAsset {}
Script.prototype.elementTemplate = '<script src="{path}"{attributes}></script>';

/** A path, or what writes its own element. */
export type Asset = string | { toHTML(): string };

/** What a class says in `static Media`. */
export interface MediaDefinition {
  css?: Readonly<Record<string, readonly Asset[]>>;
  js?: readonly Asset[];
  /** Whether the media of the base class are there, too; or which kinds of them. */
  extend?: boolean | readonly ('css' | 'js')[];
}

type CssLists = Readonly<Record<string, readonly Asset[]>>;

function isSame(a: Asset, b: Asset): boolean {
  if (a === b) return true;
  if (a instanceof MediaAsset) {
    return b instanceof MediaAsset
      ? a.constructor === b.constructor && a.path === b.path
      : typeof b === 'string' && a.source === b;
  }
  return b instanceof MediaAsset && typeof a === 'string' && b.source === a;
}

function isSameList(a: readonly Asset[], b: readonly Asset[]): boolean {
  return a.length === b.length && a.every((asset, i) => isSame(asset, b[i] as Asset));
}

function isSameCss(a: CssLists, b: CssLists): boolean {
  const [names, others] = [Object.keys(a), Object.keys(b)];
  return (
    names.length === others.length &&
    names.every((name) => Object.hasOwn(b, name) && isSameList(a[name] as Asset[], b[name] as Asset[]))
  );
}

/** Style sheets by medium and scripts, in an order that suits everybody who asked for them. */
export class Media {
  private cssLists: readonly CssLists[];
  private jsLists: readonly (readonly Asset[])[];

  constructor({ css = {}, js = [] }: MediaDefinition = {}) {
    this.cssLists = [css];
    this.jsLists = [js];
  }

  get css(): Record<string, Asset[]> {
    const media = new Map<string, (readonly Asset[])[]>();
    for (const lists of this.cssLists) {
      for (const [medium, list] of Object.entries(lists)) {
        media.set(medium, [...(media.get(medium) ?? []), list]);
      }
    }
    return Object.fromEntries([...media].map(([medium, lists]) => [medium, Media.merge(...lists)]));
  }

  get js(): Asset[] {
    return Media.merge(...this.jsLists);
  }

  /** These and others. */
  add(other: Media): Media {
    const made = new Media();
    const css = other.cssLists.filter(
      (list) => Object.keys(list).length > 0 && !this.cssLists.some((own) => isSameCss(own, list)),
    );
    const js = other.jsLists.filter(
      (list) => list.length > 0 && !this.jsLists.some((own) => isSameList(own, list)),
    );
    made.cssLists = [...this.cssLists, ...css];
    made.jsLists = [...this.jsLists, ...js];
    return made;
  }

  /** One kind of them. @throws KeyError for a kind that is neither `css` nor `js`. */
  get(name: 'css' | 'js'): Media {
    if (name === 'css') return new Media({ css: this.css });
    if (name === 'js') return new Media({ js: this.js });
    throw new KeyError(`Unknown media type "${String(name)}"`);
  }

  renderJs(): string[] {
    return this.js.map((asset) =>
      typeof asset === 'string'
        ? formatHtml('<script src="{}"></script>', absolutePath(asset)).value
        : asset.toHTML(),
    );
  }

  renderCss(): string[] {
    return Object.entries(this.css)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([medium, assets]) =>
        assets.map((asset) =>
          typeof asset === 'string'
            ? formatHtml('<link href="{}" media="{}" rel="stylesheet">', absolutePath(asset), medium).value
            : asset.toHTML(),
        ),
      );
  }

  render(): SafeString {
    return new SafeString([...this.renderCss(), ...this.renderJs()].join('\n'));
  }

  toString(): string {
    return this.render().value;
  }

  toHTML(): string {
    return this.toString();
  }

  /** Lists as one, each in its own order; warns where two lists contradict each other. */
  static merge(...lists: readonly (readonly Asset[])[]): Asset[] {
    const order = topologicalOrder(lists, isSame, (asset) =>
      typeof asset === 'string' ? asset : asset instanceof MediaAsset ? asset.source : '',
    );
    if (order !== null) return order;
    process.emitWarning(
      `Detected duplicate Media files in an opposite order: ${lists.map((list) => repr(list)).join(', ')}`,
      'MediaOrderConflictWarning',
    );
    const merged: Asset[] = [];
    for (const asset of lists.flat()) if (!merged.some((own) => isSame(own, asset))) merged.push(asset);
    return merged;
  }
}

type Defining = { readonly Media?: MediaDefinition };

/** The media that a class and its base classes define. */
export function mediaOf(cls: object | null): Media {
  if (cls === null || cls === Function.prototype) return new Media();
  const parent = Object.getPrototypeOf(cls) as object | null;
  if (!Object.hasOwn(cls, 'Media')) return mediaOf(parent);
  const definition = (cls as Defining).Media as MediaDefinition;
  const { extend = true } = definition;
  if (extend === false) return new Media(definition);
  const base = mediaOf(parent);
  if (extend === true) return base.add(new Media(definition));
  return extend.reduce((media, name) => media.add(base.get(name)), new Media()).add(new Media(definition));
}
