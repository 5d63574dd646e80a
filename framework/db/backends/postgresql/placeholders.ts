/** `?` as PostgreSQL's `$1`, `$2`, … */
import { skipQuoted } from '../scripts';

const cache = new Map<string, string>();
const CACHE_SIZE = 2000;

/** Numbers the placeholders; those in quotes and comments stay, and `??` is the operator `?`. */
export function numberPlaceholders(sql: string): string {
  if (!sql.includes('?')) return sql;
  let numbered = cache.get(sql);
  if (numbered === undefined) {
    numbered = number(sql);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(sql, numbered);
  }
  return numbered;
}

function number(sql: string): string {
  let out = '';
  let count = 0;
  for (let at = 0; at < sql.length; ) {
    const next = skipQuoted(sql, at, 'postgresql');
    if (next > at) {
      out += sql.slice(at, next);
      at = next;
    } else if (sql[at] === '?' && sql[at + 1] === '?') {
      out += '?';
      at += 2;
    } else {
      if (sql[at] === '?') {
        count += 1;
        out += `$${count}`;
      } else {
        out += sql[at];
      }
      at += 1;
    }
  }
  return out;
}
