/** The sitemaps of the recorded site. */
import { type Lastmod, Sitemap } from 'tsango/contrib/sitemaps';
import type { Manager, Model, QuerySet } from 'tsango/db/models';
import { installedModels } from 'tsango/db/models/registry';
import { PlainDate, PlainDateTime } from 'tsango/python/datetime';
import { makeAware } from 'tsango/utils/timezone';

export class SimpleSitemap extends Sitemap<object> {
  changefreq = 'never';
  priority = 0.5;
  override location(_item: object): string {
    return '/location/';
  }
  lastmod?: unknown = new PlainDate(2026, 11, 25);
  override items(): object[] {
    return [{}];
  }
}

export class SimplePagedSitemap extends Sitemap<object> {
  lastmod = new PlainDate(2026, 11, 25);
  override items(): object[] {
    return Array.from({ length: 50_001 }, () => ({}));
  }
}

interface TestModel extends Model {
  name: string;
  getAbsoluteUrl(): string;
}
const rows = (): QuerySet<TestModel> =>
  (
    installedModels.getModel('sitemaps_tests', 'I18nTestModel')
      ._defaultManager as unknown as Manager<TestModel>
  ).orderBy('pk' as never);

export class SimpleI18nSitemap extends Sitemap<TestModel> {
  changefreq = 'never';
  priority = 0.5;
  override i18n = true;
  override items(): QuerySet<TestModel> {
    return rows();
  }
}
export class AlternatesI18nSitemap extends SimpleI18nSitemap {
  override alternates = true;
}
export class LimitedI18nSitemap extends AlternatesI18nSitemap {
  override languages = ['en', 'es'];
}
export class XDefaultI18nSitemap extends AlternatesI18nSitemap {
  override xDefault = true;
}
export class ItemByLangSitemap extends SimpleI18nSitemap {
  override getLanguagesForItem(item: TestModel): readonly string[] {
    return item.name === 'Only for PT' ? ['pt'] : super.getLanguagesForItem(item);
  }
}
export class ItemByLangAlternatesSitemap extends AlternatesI18nSitemap {
  override xDefault = true;
  override getLanguagesForItem(item: TestModel): readonly string[] {
    return item.name === 'Only for PT' ? ['pt'] : super.getLanguagesForItem(item);
  }
}

export class EmptySitemap extends Sitemap<object> {}

export class FixedLastmodSitemap extends SimpleSitemap {
  override lastmod = new PlainDateTime(2013, 3, 13, 10);
}
export class FixedNewerLastmodSitemap extends SimpleSitemap {
  override lastmod = new PlainDateTime(2013, 4, 20, 5);
}
export class DateSiteMap extends SimpleSitemap {
  override lastmod = new PlainDate(2013, 3, 13);
}
export class TimezoneSiteMap extends SimpleSitemap {
  override lastmod = makeAware(new PlainDateTime(2013, 3, 13, 10), 'America/Chicago');
}

interface Dated {
  readonly lastmod?: PlainDateTime;
}
const DATED: Dated = { lastmod: new PlainDateTime(2013, 3, 13, 10) };

class Located extends Sitemap<Dated> {
  override location(): string {
    return '/location/';
  }
  lastmod(item: Dated): Lastmod | null {
    return item.lastmod ?? null;
  }
}
/** The class that asks is another one than that of the items: nothing is said of any. */
export class FixedLastmodMixedSitemap extends SimpleSitemap {
  override lastmod = undefined;
  override items(): object[] {
    return [{}, {}];
  }
}
export class CallableLastmodPartialSitemap extends Located {
  override items(): Dated[] {
    return [DATED, {}];
  }
}
export class CallableLastmodFullSitemap extends Located {
  override items(): Dated[] {
    return [DATED, { lastmod: new PlainDateTime(2014, 3, 13, 10) }];
  }
}
export class CallableLastmodNoItemsSitemap extends Located {}

export class GetLatestLastmodNoneSiteMap extends SimpleSitemap {
  override lastmod = undefined;
}
export class GetLatestLastmodSiteMap extends SimpleSitemap {
  override lastmod = undefined;
  override async getLatestLastmod(): Promise<Lastmod> {
    return new PlainDateTime(2013, 3, 13, 10);
  }
}
