/** Latin-looking text to fill pages with. Django: `django.utils.lorem_ipsum`. */
import { randomInt } from 'node:crypto';

const COMMON_PARAGRAPH =
  'Lorem ipsum dolor sit amet, consectetur adipisicing elit, sed do eiusmod tempor incididunt ut labore et dolore ' +
  'magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo ' +
  'consequat. Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla ' +
  'pariatur. Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est ' +
  'laborum.';

/** The words that every such text starts with: those of the common paragraph's first sentence. */
const COMMON_WORDS = COMMON_PARAGRAPH.slice(0, COMMON_PARAGRAPH.indexOf('.'))
  .toLowerCase()
  .replaceAll(',', '')
  .split(' ');

/** The vocabulary of Cicero's `De finibus`, 1.32 and 33. */
const WORDS = (
  'a ab accusamus accusantium ad adipisci alias aliquam aliquid amet animi aperiam architecto ' +
  'asperiores aspernatur assumenda at atque aut autem beatae blanditiis commodi consectetur consequatur ' +
  'consequuntur corporis corrupti culpa cum cumque cupiditate debitis delectus deleniti deserunt dicta ' +
  'dignissimos distinctio dolor dolore dolorem doloremque dolores doloribus dolorum ducimus ea eaque ' +
  'earum eius eligendi enim eos error esse est et eum eveniet ex excepturi exercitationem expedita ' +
  'explicabo facere facilis fuga fugiat fugit harum hic id illo illum impedit in incidunt inventore ' +
  'ipsa ipsam ipsum iste itaque iure iusto labore laboriosam laborum laudantium libero magnam magni ' +
  'maiores maxime minima minus modi molestiae molestias mollitia nam natus necessitatibus nemo neque ' +
  'nesciunt nihil nisi nobis non nostrum nulla numquam obcaecati odio odit officia officiis omnis optio ' +
  'pariatur perferendis perspiciatis placeat porro possimus praesentium provident quae quaerat quam ' +
  'quas quasi qui quia quibusdam quidem quis quisquam quo quod quos ratione recusandae reiciendis rem ' +
  'repellat repellendus reprehenderit repudiandae rerum saepe sapiente sed sequi similique sint sit ' +
  'soluta sunt suscipit tempora tempore temporibus tenetur totam ullam unde ut vel velit veniam ' +
  'veritatis vero vitae voluptas voluptate voluptatem voluptates voluptatibus voluptatum'
).split(' ');

/** So many different words, at random. */
function sample(count: number): string[] {
  const words = [...WORDS];
  for (let i = 0; i < count; i++) {
    const j = randomInt(i, words.length);
    [words[i], words[j]] = [words[j] as string, words[i] as string];
  }
  return words.slice(0, count);
}

/** A random sentence. */
export function sentence(): string {
  const sections = Array.from({ length: randomInt(1, 6) }, () => sample(randomInt(3, 13)).join(' '));
  const text = sections.join(', ');
  return text.charAt(0).toUpperCase() + text.slice(1) + '?.'.charAt(randomInt(2));
}

/** One to four random sentences. */
export function paragraph(): string {
  return Array.from({ length: randomInt(1, 5) }, sentence).join(' ');
}

/** So many paragraphs; with `common` the first is the one that everybody knows. */
export function paragraphs(count: number, common = true): string[] {
  return Array.from({ length: Math.max(0, count) }, (_, i) =>
    common && i === 0 ? COMMON_PARAGRAPH : paragraph(),
  );
}

/** So many words; with `common` the first 19 are those that everybody knows. */
export function words(count: number, common = true): string {
  const list = common ? [...COMMON_WORDS] : [];
  // A negative count takes words from the end, as a slice does.
  if (count <= list.length) return list.slice(0, count).join(' ');
  while (list.length < count) list.push(...sample(Math.min(count - list.length, WORDS.length)));
  return list.join(' ');
}
