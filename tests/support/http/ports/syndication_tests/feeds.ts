/** What feeds of the recorded site say by methods; their attributes are recorded. */
import { Feed } from 'tsango/contrib/syndication';
import type { Manager, Model, ModelClass } from 'tsango/db/models';
import { installedModels } from 'tsango/db/models/registry';
import type { ZonedDateTime } from 'tsango/python/datetime';
import { Enclosure } from 'tsango/utils/feedgenerator';
import { getFixedTimezone, makeAware, makeNaive } from 'tsango/utils/timezone';

interface Entry extends Model {
  title: string;
  published: Date;
  updated: Date;
  getAbsoluteUrl(): string;
}
interface Article extends Entry {
  entry: Promise<Entry>;
}

const rows = <M extends Model>(name: string): Manager<M> =>
  (installedModels.getModel('syndication_tests', name) as unknown as ModelClass<M>)
    ._defaultManager as unknown as Manager<M>;

export class TestRss2Feed<Item extends Entry = Entry, Obj = null> extends Feed<Item, Obj> {
  items(_obj: Obj): PromiseLike<Item[]> {
    return rows<Item>('Entry').all();
  }
  override itemDescription(item: Item): string {
    return `Overridden description: ${item.title}`;
  }
  itemPubdate(item: Item): Date | ZonedDateTime {
    return item.published;
  }
  itemUpdateddate(item: Item): Date {
    return item.updated;
  }
  itemComments(item: Item): string | Promise<string> {
    return `${item.getAbsoluteUrl()}comments`;
  }
}

export class TestRss2FeedWithCallableObject extends TestRss2Feed {
  ttl = (): number => 700;
}

const wrapped = (text: string): string => `${text} -- decorated by @wraps.`;

export class TestRss2FeedWithDecoratedMethod extends TestRss2Feed {
  ttl = (): string => wrapped('800');
  categories = (): string[] => ['javascript', 'vue'];
  title = (): string => wrapped('Overridden title');
  description = (): string => wrapped('Overridden description');
  feedCopyright = (): string => wrapped('Copyright (c) 2022, John Doe');
  override itemTitle(item: Entry): string {
    return wrapped(`Overridden item title: ${item.title}`);
  }
  override itemDescription(): string {
    return wrapped('Overridden item description');
  }
}

export class TestGetObjectFeed extends TestRss2Feed<Article, Entry> {
  override getObject(_request: unknown, { entry_id: pk }: { entry_id: number }): Promise<Entry> {
    return rows<Entry>('Entry').get({ pk } as never);
  }
  override items(entry: Entry): PromiseLike<Article[]> {
    return rows<Article>('Article').filter({ entry } as never);
  }
  override async itemLink(item: Article): Promise<string> {
    return `${(await item.entry).getAbsoluteUrl()}article/${item.pk}/`;
  }
  override async itemComments(item: Article): Promise<string> {
    return `${await this.itemLink(item)}comments`;
  }
  override itemDescription(item: Article): string {
    return `Article description: ${item.title}`;
  }
  override itemTitle(item: Article): string {
    return `Title: ${item.title}`;
  }
}

export class TestRss2FeedWithGuidIsPermaLinkTrue extends TestRss2Feed {
  itemGuidIsPermalink(): boolean {
    return true;
  }
}

export class TestRss2FeedWithGuidIsPermaLinkFalse extends TestRss2Feed {
  itemGuid(item: Entry): string {
    return String(item.pk);
  }
  itemGuidIsPermalink(): boolean {
    return false;
  }
}

export class TestNoPubdateFeed extends Feed<Entry> {
  items(): PromiseLike<Entry[]> {
    return rows<Entry>('Entry').all();
  }
}

export class TestRss091Feed extends TestRss2Feed {}
export class TestAtomFeed extends TestRss2Feed {}
export class TestLanguageFeed extends TestRss2Feed {}
export class TestFeedUrlFeed extends TestRss2Feed {}
export class NaiveDatesFeed extends TestRss2Feed {}

export class TestLatestFeed extends TestRss2Feed {
  override items(): PromiseLike<Entry[]> {
    return rows<Entry>('Entry').exclude({ title: 'My last entry' } as never);
  }
}

export class TZAwareDatesFeed extends TestRss2Feed {
  override itemPubdate(item: Entry): ZonedDateTime {
    return makeAware(makeNaive(item.published), getFixedTimezone(42));
  }
}

export class ArticlesFeed extends TestRss2Feed {
  override items(): PromiseLike<Entry[]> {
    return rows<Article>('Article').all();
  }
  override itemComments(): string {
    return '';
  }
}

export class TemplateFeed extends TestRss2Feed {
  override itemTitle(): string {
    return 'Not in a template';
  }
}

export class TemplateContextFeed extends TestRss2Feed {
  override async getContextData(about: never): Promise<Readonly<Record<string, unknown>>> {
    return { ...(await super.getContextData(about)), foo: 'bar' };
  }
}

export class TestSingleEnclosureRSSFeed extends TestRss2Feed {
  itemEnclosureUrl = (): string => 'http://example.com';
}
export class TestSingleEnclosureAtomFeed extends TestSingleEnclosureRSSFeed {}

export class TestMultipleEnclosureRSSFeed extends TestRss2Feed {
  override async itemEnclosures(): Promise<Enclosure[]> {
    return ['hello', 'goodbye'].map(
      (name) => new Enclosure(`http://example.com/${name}.png`, '0', 'image/png'),
    );
  }
}
export class TestMultipleEnclosureAtomFeed extends TestMultipleEnclosureRSSFeed {}
