/** What goes with objects that are deleted, to be shown before. Django: `get_deleted_objects`, `NestedObjects`. */

import { connections } from '../../../db/connections';
import type { Model, ModelClass } from '../../../db/models/base';
import { type CollectOptions, Collector, type Rows } from '../../../db/models/deletion';
import { ProtectedError, RestrictedError } from '../../../db/models/on_delete';
import { router } from '../../../db/router';
import type { HttpRequest } from '../../../http/request';
import { NoReverseMatch, reverse } from '../../../urls';
import { formatHtml } from '../../../utils/html';
import type { SafeString } from '../../../utils/safestring';
import { capfirst } from '../../../utils/text';
import type { AdminSite } from '../sites';
import { keyText, quoteKey } from './keys';

/** An object as text or a link; behind one the list of what goes with it. */
export type DeletionTree = (string | SafeString | DeletionTree)[];

/** What goes with objects. */
export interface DeletedObjects {
  readonly toDelete: DeletionTree;
  /** How many of each model, by its plural name. */
  readonly modelCount: ReadonlyMap<string, number>;
  /** The names of models whose objects the user may not delete. */
  readonly permsNeeded: ReadonlySet<string>;
  /** Objects that stand in the way. */
  readonly protected: (string | SafeString)[];
}

const metaOf = (row: Model) => (row.constructor as unknown as ModelClass)._meta;
const keyOf = (row: Model): string => `${metaOf(row).key} ${keyText(row)}`;

/** Finds what goes with rows, and through which. */
class NestedObjects extends Collector {
  private readonly children = new Map<string | null, Model[]>();
  private readonly seen = new Set<string>();
  readonly protected = new Set<Model>();
  readonly byModel = new Map<ModelClass['_meta'], Map<unknown, Model>>();

  protected override noteFound(rows: readonly Model[], { source, field }: CollectOptions): void {
    for (const row of rows) {
      this.addEdge(source === undefined || field === undefined ? undefined : this.parentOf(row, field), row);
      const model = metaOf(row);
      const known = this.byModel.get(model) ?? new Map<unknown, Model>();
      this.byModel.set(model, known.set(keyText(row), row));
    }
  }

  private addEdge(parent: Model | undefined, row: Model): void {
    const key = parent === undefined ? null : keyOf(parent);
    const known = this.children.get(key) ?? [];
    if (!known.some((each) => each.isSame(row))) known.push(row);
    this.children.set(key, known);
  }

  /** The row of the source that one refers to. */
  private parentOf(row: Model, field: NonNullable<CollectOptions['field']>): Model | undefined {
    const value = (row as unknown as Readonly<Record<string, unknown>>)[field.property];
    const { property } = field.targetField;
    const target = field.remoteModel.concreteModel;
    // A child's row is a row of its parent, too: that of the model itself comes first.
    const models = [...this.byModel].sort(
      ([a], [b]) => Number(b.concreteModel === target) - Number(a.concreteModel === target),
    );
    for (const [model, rows] of models) {
      if (model.concreteModel !== target && !model.isKindOf(field.remoteModel)) continue;
      for (const candidate of rows.values()) {
        const key = (candidate as unknown as Readonly<Record<string, unknown>>)[property] ?? candidate.pk;
        if (String(key) === String(value)) return candidate;
      }
    }
    return undefined;
  }

  override async collect(rows: Rows, options: CollectOptions = {}): Promise<void> {
    try {
      await super.collect(rows, options);
    } catch (error) {
      if (error instanceof ProtectedError) for (const row of error.protectedObjects) this.protected.add(row);
      else if (error instanceof RestrictedError)
        for (const row of error.restrictedObjects) this.protected.add(row);
      else throw error;
    }
  }

  /** The rows as a tree. */
  nested(format: (row: Model) => string | SafeString): DeletionTree {
    const below = (rows: readonly Model[]): DeletionTree =>
      rows.flatMap((row): DeletionTree => {
        const key = keyOf(row);
        if (this.seen.has(key)) return [];
        this.seen.add(key);
        const children = below(this.children.get(key) ?? []);
        return children.length > 0 ? [format(row), children] : [format(row)];
      });
    return below(this.children.get(null) ?? []);
  }
}

/**
 * Everything that goes when objects are deleted, and whether the user may.
 *
 * @param objects rows of one model.
 */
export async function getDeletedObjects(
  objects: readonly Model[],
  request: HttpRequest,
  site: AdminSite,
): Promise<DeletedObjects> {
  const [first] = objects;
  const none = { toDelete: [], modelCount: new Map(), permsNeeded: new Set<string>(), protected: [] };
  if (first === undefined) return none;
  const using = router.dbForWrite(first.constructor as unknown as ModelClass);
  const collector = new NestedObjects(connections.get(using), objects, true);
  await collector.collect(objects);
  const permsNeeded = new Set<string>();
  for (const [meta, rows] of collector.byModel) {
    const [row] = rows.values();
    if (row === undefined) continue;
    const admin = site.find(row.constructor as unknown as ModelClass);
    if (admin === undefined) continue;
    for (const each of rows.values()) {
      if (await admin.hasDeletePermission(request, each)) continue;
      permsNeeded.add(String(meta.verboseName));
      break;
    }
  }
  const format = (row: Model): string | SafeString => described(row, site);
  const modelCount = new Map(
    [...collector.byModel].map(([meta, rows]) => [String(meta.verboseNamePlural), rows.size] as const),
  );
  return {
    toDelete: collector.nested(format),
    modelCount,
    permsNeeded,
    protected: [...collector.protected].map(format),
  };
}

/** An object, with a link to its page where it has one. */
function described(row: Model, site: AdminSite): string | SafeString {
  const meta = metaOf(row);
  const name = capfirst(String(meta.verboseName));
  if (site.find(row.constructor as unknown as ModelClass) === undefined) return `${name}: ${String(row)}`;
  try {
    const url = reverse(`${site.name}:${meta.appLabel}_${meta.modelName}_change`, {
      args: [quoteKey(row.pk)],
    });
    return formatHtml('{}: <a href="{}">{}</a>', name, url, String(row));
  } catch (error) {
    if (!(error instanceof NoReverseMatch)) throw error;
    return `${name}: ${String(row)}`;
  }
}
