/**
 * Which of several memcached servers has a key. It must be the one that Django's client would ask, or the two sides
 * would never meet: pymemcache uses rendezvous hashing with MurmurHash3, pylibmc (libmemcached) Jenkins' one-at-a-time
 * hash modulo the number of servers.
 */

/** The index of the server that has a stored key; `names` are as the client calls the servers. */
export type Distribution = (key: string, names: readonly string[]) => number;

/** pymemcache: the server whose name gives, together with the key, the highest hash. */
export const rendezvous: Distribution = (key, names) => {
  let winner = 0;
  let highest = -1;
  names.forEach((name, index) => {
    const score = murmur3(`${name}-${key}`);
    if (score > highest || (score === highest && name > (names[winner] as string))) {
      highest = score;
      winner = index;
    }
  });
  return winner;
};

/** libmemcached: the hash of the key modulo the number of servers. */
export const modula: Distribution = (key, names) => oneAtATime(Buffer.from(key)) % names.length;

/** MurmurHash3, 32 bits, over the low bytes of the code points, as pymemcache does it. */
function murmur3(text: string): number {
  const codes = Array.from(text, (char) => (char.codePointAt(0) ?? 0) & 0xff);
  const { length } = codes;
  const at = (index: number): number => codes[index] ?? 0;
  let hash = 0;
  const blocks = length - (length % 4);
  for (let i = 0; i < blocks; i += 4) {
    hash ^= scramble(at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  if (length > blocks) {
    hash ^= scramble(at(blocks) | (at(blocks + 1) << 8) | (at(blocks + 2) << 16));
  }
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scramble(block: number): number {
  const k = Math.imul(block, 0xcc9e2d51);
  return Math.imul((k << 15) | (k >>> 17), 0x1b873593);
}

/** Bob Jenkins' hash. libmemcached takes the bytes as signed. */
function oneAtATime(bytes: Buffer): number {
  let hash = 0;
  for (const byte of bytes) {
    hash = (hash + ((byte << 24) >> 24)) | 0;
    hash = (hash + (hash << 10)) | 0;
    hash ^= hash >>> 6;
  }
  hash = (hash + (hash << 3)) | 0;
  hash ^= hash >>> 11;
  return ((hash + (hash << 15)) | 0) >>> 0;
}
