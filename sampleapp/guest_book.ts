/** The guest book: what was written last, and how something is written. */
import { transaction } from 'tsango/db';
import { Count, OuterRef, Prefetch, Subquery } from 'tsango/db/models';
import * as forms from 'tsango/forms';
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
class TagsField extends forms.Field<string[]> {
  override toPython(value: unknown): string[] {
    const names = String(value ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase().slice(0, 30));
    return [...new Set(names.filter((name) => name !== ''))].slice(0, MAX_TAGS);
  }
}

/** A note, with the name of its author and its tags. */
export class NoteForm extends forms.modelForm(
  Note,
  { fields: ['text'], labels: { text: 'What do you want to say?' } },
  {
    author: new forms.CharField({
      maxLength: 60,
      label: 'Your name',
      widget: new forms.TextInput({ attrs: { autocomplete: 'name' } }),
    }),
    tags: new TagsField({
      required: false,
      label: 'Tags, with commas between',
      widget: new forms.TextInput({ attrs: { maxlength: '150' } }),
    }),
  },
) {
  constructor(options: forms.ModelFormInit<Note> = {}) {
    super({ fieldOrder: ['author', 'text', 'tags'], labelSuffix: '', ...options });
  }

  /** Writes the note, its author and its tags: all of it or nothing. */
  override async save(): Promise<Note> {
    const { author: name, tags } = this.cleanedData;
    return transaction.atomic(async () => {
      const [author] = await Author.objects.getOrCreate({ name });
      Object.assign(this.instance, { author, created: new Date() });
      const note = await super.save();
      const found = await Promise.all(tags.map((tag) => Tag.objects.getOrCreate({ name: tag })));
      await note.tags.set(found.map(([tag]) => tag));
      return note;
    });
  }
}
