/** The guest book: what was written last, and how something is written. */
import { transaction } from 'tsango/db';
import { Count, OuterRef, Prefetch, Subquery } from 'tsango/db/models';
import { Author, Note, Tag } from './models';

/** So many tags a note has at most. */
const MAX_TAGS = 5;

/** The last notes, with how many their authors wrote, and their tags with how often each is used: two statements. */
export function latestNotes(count: number): PromiseLike<readonly Note[]> {
  const uses = Note.objects
    .filter({ tags: OuterRef('pk') })
    .values('tags')
    .annotate({ n: Count('pk') });
  const tags = Tag.objects.annotate({ uses: Subquery(uses.values('n')) });
  return Note.objects
    .selectRelated('author')
    .annotate({ written: Count('author__notes') })
    .prefetchRelated(new Prefetch('tags', { queryset: tags }))
    .orderBy('-id')
    .slice(0, count);
}

/** The tags of a text: `one, two`. */
export function tagNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase().slice(0, 30));
  return [...new Set(names.filter((name) => name !== ''))].slice(0, MAX_TAGS);
}

/** Writes a note, its author and its tags: all of it or nothing. */
export async function sign(name: string, text: string, tags: readonly string[]): Promise<Note> {
  return transaction.atomic(async () => {
    const [author] = await Author.objects.getOrCreate({ name });
    const note = await author.notes.create({ text, created: new Date() });
    const found = await Promise.all(tags.map((tag) => Tag.objects.getOrCreate({ name: tag })));
    await note.tags.set(found.map(([tag]) => tag));
    return note;
  });
}
