/** Django: `django.contrib.sites.managers`. */
import { settings } from '../../conf';
import { Error as CheckError, type CheckMessage } from '../../core/checks/messages';
import type { Model } from '../../db/models/base';
import { ForeignKey, ManyToManyField } from '../../db/models/fields/related';
import { Manager, type ManagerMaking } from '../../db/models/manager';
import type { QuerySet } from '../../db/models/query';

/**
 * Only the rows of the site of SITE_ID.
 *
 * @typeParam M the model.
 * @example
 * ```ts
 * class Photo extends models.Model {
 *   @models.ForeignKey(() => Site, { onDelete: models.CASCADE }) declare site: models.Related<Site>;
 *   static override readonly objects = new models.Manager<Photo>();
 *   static readonly onSite = new CurrentSiteManager<Photo>();
 * }
 * ```
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/sites/#the-currentsitemanager
 */
export class CurrentSiteManager<M extends Model> extends Manager<M> {
  override readonly useInMigrations = true;

  /** @param fieldName the foreign key or many-to-many field of sites. Default: `site` if there is one, or `sites`. */
  constructor(private readonly fieldName?: string) {
    super();
  }

  private get siteField(): string {
    return this.fieldName ?? (this.model._meta.fieldsByProperty.has('site') ? 'site' : 'sites');
  }

  override getQueryset(): QuerySet<M> {
    return super.getQueryset().filter({ [`${this.siteField}__id`]: settings.SITE_ID } as never);
  }

  override check(): CheckMessage[] {
    const { siteField } = this;
    const meta = this.model._meta;
    const field =
      meta.fieldsByProperty.get(siteField) ?? meta.manyToMany.find(({ property }) => property === siteField);
    if (field === undefined) {
      const msg = `CurrentSiteManager could not find a field named '${siteField}'.`;
      return [new CheckError(msg, { obj: this, id: 'sites.E001' })];
    }
    if (field instanceof ManyToManyField || field instanceof ForeignKey) return [];
    const msg =
      `CurrentSiteManager cannot use '${meta.objectName}.${siteField}' as it is not a foreign key or a many-to-many ` +
      'field.';
    return [new CheckError(msg, { obj: this, id: 'sites.E002' })];
  }

  override deconstruct(): ManagerMaking {
    const args = this.fieldName === undefined ? [] : [this.fieldName];
    return { manager: CurrentSiteManager, args };
  }
}
