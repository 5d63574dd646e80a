/** The guest book: what was written last, how something is written, and by whom it may be changed. */
import type { User } from 'tsango/contrib/auth/models';
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

/** Who writes; without it a guest, who gives a name. */
interface Writer {
  user?: User | null;
}

/** A note, with the name of its author, if that is a guest, and its tags. */
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
  private readonly user: User | null;

  constructor({ user = null, ...options }: forms.ModelFormInit<Note> & Writer = {}) {
    super({ fieldOrder: ['author', 'text', 'tags'], labelSuffix: '', ...options });
    this.user = user;
    if (user !== null) delete (this.fields as Partial<typeof this.fields>).author;
  }

  /** Writes the note, its author and its tags: all of it or nothing. */
  override async save(): Promise<Note> {
    const { user } = this;
    const { author: name, tags } = this.cleanedData;
    return transaction.atomic(async () => {
      const [author] = await (user === null
        ? Author.objects.getOrCreate({ name, user: null })
        : Author.objects.getOrCreate({ user }, { name: user.username }));
      Object.assign(this.instance, { author, created: new Date() });
      const note = await super.save();
      const found = await Promise.all(tags.map((tag) => Tag.objects.getOrCreate({ name: tag })));
      await note.tags.set(found.map(([tag]) => tag));
      return note;
    });
  }
}
