/** Python's `html.unescape`. The names are those of the package `entities`, which is loaded at the first of them. */

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
