/** The apps and models of a site that somebody may see. Django: `get_app_list` of AdminSite. */
import { apps } from '../../../apps/registry';
import type { ModelClass } from '../../../db/models/base';
import type { HttpRequest } from '../../../http/request';
import { NoReverseMatch, reverse } from '../../../urls';
import { capfirst } from '../../../utils/text';
import type { AdminSite } from '../sites';

/** What somebody may do with a model's objects. */
export type ModelPerms = Readonly<Record<'add' | 'change' | 'delete' | 'view', boolean>>;

/** A model of the list, as templates see it. */
export interface SiteModel {
  readonly model: ModelClass;
  readonly name: string;
  readonly object_name: string;
  readonly perms: ModelPerms;
  readonly admin_url: string | null;
  readonly add_url: string | null;
  readonly view_only: boolean;
}

/** An app of the list. */
export interface SiteApp {
  readonly name: string;
  readonly app_label: string;
  readonly app_url: string;
  readonly has_module_perms: true;
  readonly models: SiteModel[];
}

function addressOf(site: AdminSite, name: string): string | null {
  try {
    return reverse(`admin:${name}`, { currentApp: site.name });
  } catch (error) {
    if (error instanceof NoReverseMatch) return null;
    throw error;
  }
}

const byName = <T extends { readonly name: string }>(items: T[]): T[] =>
  items.sort((a, b) => {
    const [x, y] = [a.name.toLowerCase(), b.name.toLowerCase()];
    return x < y ? -1 : x > y ? 1 : 0;
  });

/** The apps by name, and in each its models by name. */
export async function appList(
  site: AdminSite,
  request: HttpRequest,
  appLabel: string | null,
): Promise<SiteApp[]> {
  const found = new Map<string, SiteApp>();
  for (const [model, admin] of site.modelAdmins) {
    const { appLabel: label, modelName, objectName, verboseNamePlural } = model._meta;
    if (appLabel !== null && label !== appLabel) continue;
    if (!(await admin.hasModulePermission(request))) continue;
    const perms = await admin.getModelPerms(request);
    if (!Object.values(perms).includes(true)) continue;
    const listed = perms.change || perms.view;
    const entry: SiteModel = {
      model,
      name: capfirst(String(verboseNamePlural)),
      object_name: objectName,
      perms,
      admin_url: listed ? addressOf(site, `${label}_${modelName}_changelist`) : null,
      add_url: perms.add ? addressOf(site, `${label}_${modelName}_add`) : null,
      view_only: listed && !perms.change,
    };
    const app = found.get(label);
    if (app !== undefined) app.models.push(entry);
    else {
      found.set(label, {
        name: apps.getAppConfig(label).verboseName,
        app_label: label,
        app_url: reverse('admin:app_list', { kwargs: { app_label: label }, currentApp: site.name }),
        has_module_perms: true,
        models: [entry],
      });
    }
  }
  const list = byName([...found.values()]);
  for (const { models } of list) byName(models);
  return list;
}
