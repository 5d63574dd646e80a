/** Related rows and deferred fields in templates, which wait for them by themselves. */
import '../db/settings';
import * as models from 'tsango/db/models';
import { Context } from 'tsango/template/context';
import { onEveryDatabase, statementsOf } from '../support/model_tables';
import { engineOf } from './support';

const Meta = { appLabel: 'template_rows' };

class Publisher extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Publisher>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare name: string;
}

class Author extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Author>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare name: string;
  @models.ForeignKey(() => Publisher, { onDelete: models.CASCADE, null: true })
  declare publisher: models.RelatedOrNull<Publisher>;
  declare profile: models.Related<Profile>;
}

class Profile extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Profile>;
  declare id: number;
  @models.OneToOneField(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
  @models.CharField({ maxLength: 9 }) declare text: string;
}

class Book extends models.Model {
  static override readonly Meta: models.MetaOptions = { ...Meta, ordering: ['id'] };
  declare static readonly objects: models.Manager<Book>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare title: string;
  @models.CharField({ maxLength: 9, default: 'b<' }) declare body: string;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
}

/** Counts how often the template around it is rendered: each rendering reads the property. */
class Renderings {
  count = 0;
  get seen(): string {
    this.count += 1;
    return '';
  }
}

onEveryDatabase(
  () => [Publisher, Author, Profile, Book],
  ({ isSqlite }) => {
    beforeEach(async () => {
      const publisher = await Publisher.objects.create({ name: 'P&Co' });
      const ada = await Author.objects.create({ name: 'Ada', publisher });
      const bob = await Author.objects.create({ name: 'Bob' });
      await Profile.objects.create({ author: ada, text: 'hi' });
      for (const [title, author] of [
        ['One', ada],
        ['Two', bob],
        ['Three', ada],
      ] as const) {
        await Book.objects.create({ title, author });
      }
    });

    async function rendered(
      source: string,
      values: Record<string, unknown>,
    ): Promise<{ text: string; asked: number; renderings: number }> {
      const probe = new Renderings();
      let text = '';
      const asked = await statementsOf(async () => {
        text = String(
          await engineOf()
            .fromString(`{{ probe.seen }}${source}`)
            .render(new Context({ ...values, probe })),
        );
      });
      return { text, asked: asked.length, renderings: probe.count };
    }

    it.each([
      ['a loop', '{% for b in books %}{{ b.author.name }} {% endfor %}', 'Ada Bob Ada ', 2],
      [
        'two steps',
        '{% for b in books %}{{ b.author.publisher.name }},{% endfor %}',
        'P&amp;Co,,P&amp;Co,',
        3,
      ],
      [
        'a condition',
        '{% for b in books %}{% if b.author.publisher %}{{ b.title }} {% endif %}{% endfor %}',
        'One Three ',
        3,
      ],
      [
        'with',
        '{% for b in books %}{% with a=b.author %}{{ a.name|upper }} {% endwith %}{% endfor %}',
        'ADA BOB ADA ',
        2,
      ],
      [
        'a filter',
        '{% for b in books %}{{ b.author.name|add:b.author.name }} {% endfor %}',
        'AdaAda BobBob AdaAda ',
        2,
      ],
      [
        'the row itself',
        '{% for b in books|slice:":1" %}{{ b.author|stringformat:"s" }}{% endfor %}',
        /^Author object \(\d+\)$/,
        2,
      ],
    ])('%s waits for related rows, in one statement a relation', async (_name, source, text, statements) => {
      const result = await rendered(source, { books: Book.objects.all() });
      if (typeof text === 'string') expect(result.text).toBe(text);
      else expect(result.text).toMatch(text);
      expect(result.asked).toBe(statements);
      // A database that answers at once needs no second rendering; another one a rendering for each step.
      expect(result.renderings).toBe(isSqlite ? 1 : statements + 1);
    });

    it('what is deferred is waited for', async () => {
      const books = await Book.objects.only('title');
      const { text, asked } = await rendered('{% for b in books %}{{ b.body }}{% endfor %}', { books });
      expect([text, asked]).toEqual(['b&lt;b&lt;b&lt;', 1]);
    });

    it('a row that is not there is nothing', async () => {
      const authors = await Author.objects.orderBy('id');
      const source =
        '{% for a in authors %}[{{ a.profile.text }}{{ a.profile.pk|default:"none" }}]{% endfor %}';
      const { text, asked } = await rendered(source, { authors });
      expect(text).toMatch(/^\[hi\d+\]\[none\]$/);
      expect(asked).toBe(1);
      const [bob] = await Author.objects.filter({ name: 'Bob' });
      const alone = await rendered('[{{ bob.profile }}]{% if bob.profile %}yes{% endif %}', { bob });
      expect(alone.text).toBe('[]');
      expect((await rendered('[{{ book.author.name }}]', { book: new Book({ title: 'x' }) })).text).toBe(
        '[]',
      );
    });

    it('an error of the database is one of the template', async () => {
      const [book] = await Book.objects.fetchMode(models.FETCH_RAISE);
      await expect(rendered('{{ book.author.name }}', { book })).rejects.toThrow(
        'Fetching of Book.author blocked.',
      );
    });
  },
);
