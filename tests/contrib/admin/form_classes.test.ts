/** Classes of forms are made once for whoever gets the same; nobody gets another's. */
import '../../db/settings';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { overrideSettings } from 'tsango/conf';
import type { ModelAdmin } from 'tsango/contrib/admin';
import { forgetSizes } from 'tsango/contrib/admin/choices';
import { formClass, formsetClass } from 'tsango/contrib/admin/options/form_classes';
import { User } from 'tsango/contrib/auth/models';
import type { Field } from 'tsango/forms';
import type { HttpRequest } from 'tsango/http';
import { RequestFactory } from 'tsango/test';
import { library, staff, useLibrary } from './support';

useLibrary();
beforeEach(forgetSizes);

const site = () => (require('tsango/contrib/admin') as typeof import('tsango/contrib/admin')).site;
const books = (): ModelAdmin => site().getModelAdmin(library.Book) as unknown as ModelAdmin;
const asked = (user: object): HttpRequest => Object.assign(new RequestFactory().get('/'), { user }) as never;
const boss = async (): Promise<HttpRequest> =>
  asked(await User.objects.createSuperuser('boss', 'boss@example.com', 'secret'));
const classOf = (request: HttpRequest, admin = books()) => formClass(admin, request, null, { change: true });

/** Gives an admin other options or hooks for a while. */
async function withOptions(admin: ModelAdmin, options: object, body: () => Promise<void>): Promise<void> {
  const own = Object.getOwnPropertyDescriptors(admin);
  Object.assign(admin, options);
  try {
    await body();
  } finally {
    for (const name of Object.keys(options)) {
      Reflect.deleteProperty(admin, name);
      const before = own[name];
      if (before !== undefined) Object.defineProperty(admin, name, before);
    }
  }
}

describe('the same class', () => {
  it('is given to requests that get the same form, the formset of an inline, too', async () => {
    const request = await boss();
    const again = asked((request as unknown as { user: object }).user);
    expect(await classOf(again)).toBe(await classOf(request));
    const [inline] = await books().getInlineInstances(request, null);
    const [other] = await books().getInlineInstances(again, null);
    const FormSet = await formsetClass(inline as never, request, null);
    expect(await formsetClass(other as never, again, null)).toBe(FormSet);
    await withOptions(other as never, { maxNum: 0 }, async () => {
      expect((await formsetClass(other as never, again, null)).prototype).toMatchObject({ maxNum: 0 });
    });
    expect(FormSet.prototype).toMatchObject({ maxNum: 1000 });
  });

  it('does not keep the request that it was made for', async () => {
    const user = (await boss()) as unknown as { user: object };
    const made: unknown[] = [];
    const make = async (): Promise<WeakRef<HttpRequest>> => {
      const request = asked(user.user);
      made.push(await classOf(request));
      const [inline] = await books().getInlineInstances(request, null);
      made.push(await formsetClass(inline as never, request, null));
      return new WeakRef(request);
    };
    await withOptions(books(), { exclude: ['kind'] }, async () => {
      const held = await make();
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as () => void;
      for (let i = 0; i < 5 && held.deref() !== undefined; i++) {
        await new Promise((resolve) => setImmediate(resolve));
        collect();
      }
      expect(held.deref()).toBeUndefined();
      expect(made).toHaveLength(2);
    });
  });
});

describe('another class', () => {
  it('is whatever getForm() gives: its caller may change it', async () => {
    const request = await boss();
    const Own = await books().getForm(request, null);
    Object.assign(Own.baseFields['title'] as Field, { helpText: 'mine alone' });
    expect((await classOf(request)).baseFields['title']?.helpText).toBe('');
    expect((await books().getForm(request, null)).baseFields['title']?.helpText).toBe('');
  });

  const CHANGES: Readonly<Record<string, object>> = {
    'an overridden getForm()': {
      getForm(this: ModelAdmin, ...given: Parameters<ModelAdmin['getForm']>) {
        return Object.getPrototypeOf(this).getForm.apply(this, given);
      },
    },
    'a hook for fields': {
      formfieldForChoiceField(this: ModelAdmin, ...given: Parameters<ModelAdmin['formfieldForChoiceField']>) {
        return Object.getPrototypeOf(this).formfieldForChoiceField.apply(this, given);
      },
    },
    'overrides of fields': { formfieldOverrides: [[Object, {}]] },
  };
  it.each(Object.keys(CHANGES))('is made for each request with %s', async (name) => {
    const request = await boss();
    const before = await classOf(request);
    await withOptions(books(), CHANGES[name] as object, async () => {
      const Made = await classOf(request);
      expect(Made).not.toBe(before);
      expect(await classOf(request)).not.toBe(Made);
    });
    expect(await classOf(request)).toBe(before);
  });

  it.each([
    { exclude: ['price'] },
    { readonlyFields: ['slug'] },
    { rawIdFields: ['author'] },
    { autocompleteFields: ['author'] },
    { filterHorizontal: ['tags'] },
  ])('comes with other options: %j', async (options) => {
    const request = await boss();
    const before = await classOf(request);
    await withOptions(books(), options, async () => expect(await classOf(request)).not.toBe(before));
    expect(await classOf(request)).toBe(before);
  });

  it('comes with the order of what is chosen from, and is forgotten with the settings', async () => {
    const request = await boss();
    const before = await classOf(request);
    await withOptions(site().getModelAdmin(library.Author) as never, { ordering: ['-name'] }, async () => {
      expect(await classOf(request)).not.toBe(before);
    });
    const restore = overrideSettings({ FIRST_DAY_OF_WEEK: 1 });
    try {
      expect(await classOf(request)).not.toBe(before);
    } finally {
      await restore();
    }
  });
});

it('two people with other permissions, in turns, get each their own links beside a relation and their own rows below', async () => {
  const author = await library.Author.objects.create({ name: 'Ada' });
  const book = await library.Book.objects.create({ title: 'Notes', author });
  await library.Review.objects.create({ book, text: 'Good' });
  const url = `/admin/library/book/${book.id}/change/`;
  const all = await staff();
  const some = await staff(['view_book', 'change_book', 'view_review']);
  for (let round = 0; round < 2; round++) {
    const theirs = (await some.get(url)).text;
    expect(theirs).not.toContain('id="add_id_author"');
    expect(theirs).not.toContain('name="review_set-0-text"');
    const ours = (await all.get(url)).text;
    expect(ours).toContain('id="add_id_author"');
    expect(ours).toContain('name="review_set-0-text"');
  }
});

it('a row that was added can be chosen on the next page', async () => {
  const client = await staff();
  const form = async (): Promise<string> => (await client.get('/admin/library/book/add/')).text;
  expect(await form()).not.toContain('>Zoe</option>');
  await library.Author.objects.create({ name: 'Zoe' });
  expect(await form()).toContain('>Zoe</option>');
});
