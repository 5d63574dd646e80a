/** What the admin of a model can have wrong. Django: `ModelAdminChecks`. */
import type { CheckMessage } from '../../../core/checks/messages';
import { Model } from '../../../db/models/base';
import { capfirst } from '../../../utils/text';
import { baseActions } from '../options/actions';
import type { BaseModelAdmin } from '../options/base';
import { InlineModelAdmin, type InlineModelAdminClass } from '../options/inlines';
import { ModelAdmin } from '../options/model_admin';
import { BaseModelAdminChecks } from './base';
import { checkListing } from './listing';
import { hasMember, isSubclass, itemsOf, mustBe, optionOf, wrong } from './messages';

type Found = Generator<CheckMessage>;

function* checkInline(admin: ModelAdmin, item: unknown): Found {
  if (!isSubclass(item, InlineModelAdmin as never)) {
    const name = typeof item === 'function' ? item.name : String(admin);
    yield wrong(admin, 'admin.E104', `'${name}' must inherit from 'InlineModelAdmin'.`);
    return;
  }
  const Inline = item as InlineModelAdminClass;
  const inline = new Inline(admin.model, admin.adminSite);
  const model: unknown = optionOf(inline, 'model');
  if (!model) yield wrong(admin, 'admin.E105', `'${Inline.name}' must have a 'model' attribute.`);
  else if (!isSubclass(model, Model)) yield mustBe(admin, 'admin.E106', `${Inline.name}.model`, 'a Model');
  else yield* inline.check();
}

function* checkInlines(admin: ModelAdmin): Found {
  const inlines = optionOf(admin, 'inlines');
  if (!Array.isArray(inlines)) yield mustBe(admin, 'admin.E103', 'inlines', 'a list or tuple');
  else for (const [item] of itemsOf(inlines, 'inlines')) yield* checkInline(admin, item);
}

function* checkActions(admin: ModelAdmin): Found {
  const actions = baseActions(admin);
  const { name: own } = admin.constructor;
  for (const [{ allowedPermissions = [] }, name] of actions) {
    for (const permission of allowedPermissions) {
      const method = `has${capfirst(permission)}Permission`;
      if (hasMember(admin, method)) continue;
      yield wrong(admin, 'admin.E129', `${own} must define a ${method}() method for the ${name} action.`);
    }
  }
  const names = actions.map(([, name]) => name);
  for (const name of new Set(names)) {
    if (names.indexOf(name) === names.lastIndexOf(name)) continue;
    yield wrong(
      admin,
      'admin.E130',
      `__name__ attributes of actions defined in ${own} must be unique. Name '${name}' is not unique.`,
    );
  }
}

/** The checks of the admin of a model. */
export class ModelAdminChecks extends BaseModelAdminChecks {
  override *check(base: BaseModelAdmin): Found {
    yield* super.check(base);
    const admin = base as unknown as ModelAdmin;
    for (const [option, id] of [
      ['saveAs', 'admin.E101'],
      ['saveOnTop', 'admin.E102'],
    ] as const) {
      if (typeof optionOf(admin, option) !== 'boolean') yield mustBe(admin, id, option, 'a boolean');
    }
    yield* checkInlines(admin);
    yield* checkListing(admin, admin.getListDisplay !== ModelAdmin.prototype.getListDisplay);
    yield* checkActions(admin);
  }
}
