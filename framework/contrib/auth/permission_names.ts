/** What the permissions of a model are called. Django: `get_permission_codename`, and what `management` makes of it. */
import type { Options } from '../../db/models/options';

/** What can be done to the rows of any model. */
const DEFAULT_PERMISSIONS: readonly string[] = ['add', 'change', 'delete', 'view'];

/** A permission: its name for code, and the one for people. */
export type NamedPermission = readonly [codename: string, name: string];

/** What can be done to a model's rows besides what it says itself. */
export function defaultPermissionsOf(meta: Options): readonly string[] {
  return meta.meta.defaultPermissions ?? DEFAULT_PERMISSIONS;
}

/** The codename of a permission: `change_article`. */
export function getPermissionCodename(action: string, meta: Options): string {
  return `${action}_${meta.modelName}`;
}

/** Those that a model has by itself. */
export function builtinPermissions(meta: Options): NamedPermission[] {
  return defaultPermissionsOf(meta).map((action) => [
    getPermissionCodename(action, meta),
    `Can ${action} ${String(meta.verboseName)}`,
  ]);
}

/** Those, and the ones of its Meta. */
export function allPermissions(meta: Options): NamedPermission[] {
  const own = (meta.meta.permissions ?? []).map(
    ([codename, name]): NamedPermission => [codename, String(name)],
  );
  return [...builtinPermissions(meta), ...own];
}
