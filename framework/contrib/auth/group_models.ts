/** What users may do, and groups of users who may do the same. */

import type { ManyToManyManager } from '../../db/models';
import * as models from '../../db/models';
import { ContentType } from '../contenttypes/models';
import type { User } from './users';

/** `Permission.objects`. */
export class PermissionManager extends models.Manager<Permission> {
  override readonly useInMigrations = true;

  /** The permission of that name for a model. @throws Permission.DoesNotExist, ContentType.DoesNotExist. */
  async getByNaturalKey(codename: string, appLabel: string, model: string): Promise<Permission> {
    const contentType = await ContentType.objects.dbManager(this.db).getByNaturalKey(appLabel, model);
    return this.get({ codename, contentType });
  }
}

/**
 * Something that can be done to the rows of a model: `blog.change_article`. `migrate` makes four for each model, and those
 * of `Meta.permissions`.
 *
 * https://docs.djangoproject.com/en/5.2/topics/auth/default/#permissions-and-authorization
 */
export class Permission extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    appLabel: 'auth',
    verboseName: 'permission',
    verboseNamePlural: 'permissions',
    uniqueTogether: [['content_type', 'codename']],
    ordering: ['contentType__appLabel', 'contentType__model', 'codename'],
  };
  static override readonly objects = new PermissionManager();

  declare id: number;
  @models.CharField({ verboseName: 'name', maxLength: 255 }) declare name: string;
  @models.ForeignKey(() => ContentType, { onDelete: models.CASCADE, verboseName: 'content type' })
  declare contentType: models.Related<ContentType>;
  declare contentTypeId: number;
  @models.CharField({ verboseName: 'codename', maxLength: 100 }) declare codename: string;

  /** What stands for it where keys differ. */
  async naturalKey(): Promise<[codename: string, appLabel: string, model: string]> {
    return [this.codename, ...(await this.contentType).naturalKey()];
  }

  /** Its content type is named where it is loaded. */
  override toString(): string {
    const type: unknown = this.contentType;
    return `${type instanceof ContentType ? type.toString() : this.codename} | ${this.name}`;
  }
}

/** `Group.objects`. */
export class GroupManager extends models.Manager<Group> {
  override readonly useInMigrations = true;

  /** The group of that name. @throws Group.DoesNotExist. */
  getByNaturalKey(name: string): Promise<Group> {
    return this.get({ name });
  }
}

/** Users who may do the same. */
export class Group extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    appLabel: 'auth',
    verboseName: 'group',
    verboseNamePlural: 'groups',
  };
  static override readonly objects = new GroupManager();

  declare id: number;
  @models.CharField({ verboseName: 'name', maxLength: 150, unique: true }) declare name: string;
  @models.ManyToManyField(() => Permission, { verboseName: 'permissions', blank: true })
  declare readonly permissions: ManyToManyManager<Permission>;
  /** Its users. */
  declare readonly userSet: ManyToManyManager<User>;

  /** What stands for it where keys differ. */
  naturalKey(): [name: string] {
    return [this.name];
  }

  override toString(): string {
    return this.name;
  }
}
