/** What a feed refers to. Django: `Enclosure` and `Stylesheet` of `django.utils.feedgenerator`. */
import { guessType } from '../../python/mimetypes';
import { iriToUri } from '../encoding';
import { conditionalEscape } from '../html';

/** A file that belongs to an item: where it is, how many bytes it has, and of which type it is. */
export class Enclosure {
  readonly url: string;

  constructor(
    url: string,
    readonly length: string,
    readonly mimeType: string,
  ) {
    this.url = iriToUri(url);
  }
}

/** The type that browsers want of a stylesheet: XSLT is `text/xsl` to them. */
function typeOf(url: string): string | null {
  return /\.xslt?$/i.test(url) ? 'text/xsl' : guessType(url).type;
}

/**
 * A stylesheet of an RSS feed.
 *
 * @example
 * ```ts
 * new Stylesheet('/static/rss.xsl')
 * ```
 */
export class Stylesheet {
  private readonly given: { toString(): string };
  private readonly type: string | null;
  readonly media: string | null;

  /**
   * @param url what `reverseLazy()` gives is asked for when the feed is written.
   * @param mimetype Default: guessed. `null`: none.
   * @param media Default: `screen`. `null`: none.
   */
  constructor(
    url: string | { toString(): string },
    mimetype: string | null = '',
    media: string | null = 'screen',
  ) {
    this.given = url;
    this.type = mimetype;
    this.media = media;
  }

  get url(): string {
    return iriToUri(String(this.given));
  }

  get mimetype(): string | null {
    return this.type === '' ? typeOf(this.url) : this.type;
  }

  /** Its attributes. */
  toString(): string {
    const attributes = { href: this.url, media: this.media, type: this.mimetype };
    return Object.entries(attributes)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${name}="${conditionalEscape(value)}"`)
      .join(' ');
  }
}
