/** Python's `html`: `escape` and `unescape`. The names are those of the package `entities`, which is loaded at the first of them. */

/** What the standard says that the references 128 to 159 mean: Windows-1252. */
const C1 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** The code points that Python leaves out, where the standard only calls them an error. */
function isInvalid(code: number): boolean {
  return (
    (code >= 0x1 && code <= 0x8) ||
    code === 0xb ||
    (code >= 0xe && code <= 0x1f) ||
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0xfdd0 && code <= 0xfdef) ||
    (code & 0xfffe) === 0xfffe
  );
}

function numericReference(digits: string, radix: number): string {
  const code = Number.parseInt(digits, radix);
  if (code === 0) return '\ufffd';
  if (code >= 0x80 && code <= 0x9f) return C1[code - 0x80] as string;
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return '\ufffd';
  return isInvalid(code) ? '' : String.fromCodePoint(code);
}

const REFERENCE = /&(?:#([0-9]+);?|#[xX]([0-9a-fA-F]+);?|([^\t\n\f <&#;]{1,32};?))/g;

/** Text with its character references resolved, as the HTML standard does outside of attributes. */
export function unescapeHtml(text: string): string {
  if (!text.includes('&')) return text;
  const { decodeHTML } = require('entities/decode') as typeof import('entities/decode');
  return text.replace(REFERENCE, (found, decimal: string | undefined, hex: string | undefined) => {
    if (decimal !== undefined) return numericReference(decimal, 10);
    if (hex !== undefined) return numericReference(hex, 16);
    return decodeHTML(found);
  });
}

const SPECIAL = /[&<>"']/;

/** The text with the five special characters of HTML replaced by references. Python: `html.escape`. */
export function escapeHtml(text: string): string {
  const first = text.search(SPECIAL);
  if (first === -1) return text;
  let escaped = '';
  let start = 0;
  for (let i = first; i < text.length; i++) {
    let reference: string;
    switch (text.charCodeAt(i)) {
      case 0x22:
        reference = '&quot;';
        break;
      case 0x26:
        reference = '&amp;';
        break;
      case 0x27:
        reference = '&#x27;';
        break;
      case 0x3c:
        reference = '&lt;';
        break;
      case 0x3e:
        reference = '&gt;';
        break;
      default:
        continue;
    }
    escaped += text.slice(start, i) + reference;
    start = i + 1;
  }
  return escaped + text.slice(start);
}
