/** The encoding quoted-printable (RFC 2045), as Python's `email.quoprimime.body_encode` writes it. */
const MAX_LINE = 76;

function quote(byte: number): string {
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

const isPlain = (byte: number): boolean =>
  (byte >= 0x20 && byte <= 0x7e && byte !== 0x3d) || byte === 0x09 || byte === 0x0a || byte === 0x0d;

/** A line in pieces that end in `=` but for the last; what was quoted stays whole. */
function* pieces(line: string): Generator<string> {
  const lastStart = line.length - 1 - MAX_LINE;
  let start = 0;
  while (start <= lastStart) {
    const stop = start + MAX_LINE - 1;
    if (line[stop - 2] === '=') {
      yield line.slice(start, stop - 1);
      start = stop - 2;
    } else if (line[stop - 1] === '=') {
      yield line.slice(start, stop);
      start = stop - 1;
    } else {
      yield `${line.slice(start, stop)}=`;
      start = stop;
    }
  }
  const last = line.at(-1);
  if (last !== ' ' && last !== '\t') {
    yield line.slice(start);
    return;
  }
  // A space at the end of a line could get lost on the way.
  const quoted = quote(last.charCodeAt(0));
  const room = start - lastStart;
  const end = room >= 3 ? quoted : room === 2 ? `${last}=\n` : `=\n${quoted}`;
  yield line.slice(start, -1) + end;
}

/** Bytes as text whose lines are short. */
export function quotedPrintable(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => (isPlain(byte) ? String.fromCharCode(byte) : quote(byte))).join(
    '',
  );
  return text
    .split(/\r\n|[\r\n]/)
    .map((line) => [...pieces(line)].join('\n'))
    .join('\n');
}
