/** Media types and their ranges in Accept. Django: `MediaType` of `django.http.request`; RFC 9110, 12.5.1. */
import { parseHeaderParameters } from '../utils/http';

export class MediaType {
  readonly mainType: string;
  readonly subType: string;
  readonly params: Readonly<Record<string, string>>;

  constructor(line: string) {
    const [fullType, params] = parseHeaderParameters(line);
    const slash = fullType.indexOf('/');
    this.mainType = slash < 0 ? fullType : fullType.slice(0, slash);
    this.subType = slash < 0 ? '' : fullType.slice(slash + 1);
    this.params = params;
  }

  /** The parameters but the quality. */
  get rangeParams(): Record<string, string> {
    const { q: _, ...rest } = this.params;
    return rest;
  }

  get isAllTypes(): boolean {
    return this.mainType === '*' && this.subType === '*';
  }

  /** Whether this type is one that `other`, a range of an Accept header, takes. */
  match(other: MediaType | string): boolean {
    const range = typeof other === 'string' ? new MediaType(other) : other;
    if (!this.mainType || !this.subType || !range.mainType || !range.subType) return false;
    const fits = (a: string, b: string): boolean => a === b || a === '*' || b === '*';
    if (!fits(this.mainType, range.mainType) || !fits(this.subType, range.subType)) return false;
    const own = Object.entries(this.rangeParams);
    const wanted = range.rangeParams;
    const count = Object.keys(wanted).length;
    if (own.length > 0 !== count > 0) return own.length > 0;
    return own.length === count && own.every(([name, value]) => wanted[name] === value);
  }

  /** 0 to 1; what is no such number counts as 1. */
  get quality(): number {
    const text = (this.params['q'] ?? '1').trim();
    const quality = text === '' ? Number.NaN : Number(text);
    return quality >= 0 && quality <= 1 ? Math.round(quality * 1000) / 1000 : 1;
  }

  get specificity(): number {
    if (this.mainType === '*') return 0;
    if (this.subType === '*') return 1;
    return Object.keys(this.rangeParams).length === 0 ? 2 : 3;
  }

  toString(): string {
    const params = Object.entries(this.params).map(([name, value]) => `; ${name}=${value}`);
    return `${this.mainType}${this.subType && `/${this.subType}`}${params.join('')}`;
  }
}

/** The ranges of an Accept header that it does not refuse, best first. */
export function parseAccept(header: string): MediaType[] {
  return header
    .split(',')
    .filter((token) => token.trim() !== '')
    .map((token) => new MediaType(token))
    .filter((type) => type.quality > 0)
    .sort((a, b) => b.quality - a.quality || b.specificity - a.specificity);
}

/** The most specific range that takes a type. */
export function acceptedBy(accepted: readonly MediaType[], mediaType: string): MediaType | undefined {
  const type = new MediaType(mediaType);
  return [...accepted]
    .sort((a, b) => b.specificity - a.specificity || b.quality - a.quality)
    .find((range) => type.match(range));
}
