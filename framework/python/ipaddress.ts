/** IP addresses as text. Python: `ipaddress`. */

/** The four numbers of an IPv4 address; undefined for what is none. A leading zero would be octal elsewhere: it is none. */
export function parseIpv4(text: string): number[] | undefined {
  const octets = text.split('.');
  if (octets.length !== 4) return undefined;
  const numbers: number[] = [];
  for (const octet of octets) {
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(octet) || Number(octet) > 255) return undefined;
    numbers.push(Number(octet));
  }
  return numbers;
}

/** The eight groups of an IPv6 address, without its zone (`%eth0`); undefined for what is none. */
export function parseIpv6(text: string): number[] | undefined {
  const percent = text.indexOf('%');
  const zone = percent === -1 ? undefined : text.slice(percent + 1);
  if (zone === '' || zone?.includes('%') || text.includes('/')) return undefined;
  let parts = (percent === -1 ? text : text.slice(0, percent)).split(':');
  const last = parts.at(-1) as string;
  if (last.includes('.')) {
    const v4 = parseIpv4(last);
    if (v4 === undefined) return undefined;
    const [a, b, c, d] = v4 as [number, number, number, number];
    parts = [...parts.slice(0, -1), ((a << 8) | b).toString(16), ((c << 8) | d).toString(16)];
  }
  return parts.length < 3 || parts.length > 9 ? undefined : groupsOf(parts);
}

/** The groups of the parts between colons, where one empty part stands for zeros. */
function groupsOf(parts: readonly string[]): number[] | undefined {
  const gaps = [...parts.keys()].slice(1, -1).filter((i) => parts[i] === '');
  if (gaps.length > 1) return undefined;
  const [gap] = gaps;
  let head = gap === undefined ? parts : parts.slice(0, gap);
  let tail = gap === undefined ? [] : parts.slice(gap + 1);
  if (gap !== undefined) {
    // A colon at an end is one of the two.
    if (head[0] === '') head = head.slice(1);
    if (tail.at(-1) === '') tail = tail.slice(0, -1);
    if (parts[0] === '' && gap !== 1) return undefined;
    if (parts.at(-1) === '' && gap !== parts.length - 2) return undefined;
  }
  const known = head.length + tail.length;
  if (gap === undefined ? known !== 8 : known > 7) return undefined;
  if (![...head, ...tail].every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) return undefined;
  const hex = (part: string): number => Number.parseInt(part, 16);
  return [...head.map(hex), ...new Array<number>(8 - known).fill(0), ...tail.map(hex)];
}

/** The shortest text of an IPv6 address: `::` for the longest run of zeros. */
export function compressIpv6(groups: readonly number[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (best.start === -1) return text(groups);
  return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`;
}

/** The IPv4 address that an IPv6 address stands for (`::ffff:1.2.3.4`), as text. */
export function mappedIpv4(groups: readonly number[]): string | undefined {
  if (groups.slice(0, 5).some((group) => group !== 0) || groups[5] !== 0xffff) return undefined;
  const [high, low] = groups.slice(6) as [number, number];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
