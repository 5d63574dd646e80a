/** Sites of the admin, made of what is known of them. */
import * as admin from 'tsango/contrib/admin';
import type { AdminSite } from 'tsango/contrib/admin/sites';
import type { Model, ModelClass } from 'tsango/db/models/base';
import { CombinedExpression } from 'tsango/db/models/expressions/combined';
import * as forms from 'tsango/forms';
import { camelCase } from 'tsango/utils/module_loading';
import { make, withOptions } from '../vector_expressions';
import { decode } from '../vector_values';
import { vectors } from '../vectors';
import { portOf } from './admin_ports';
import { partOf } from './expressions';
import { type Json, lastName, NotThere } from './facts';
import { formClass } from './forms';
import type { SiteModels } from './models';
import { ported } from './ports';

/** @throws NotThere */
function expressionOf(json: unknown): unknown {
  if (json === null || typeof json !== 'object' || !('$new' in json)) return decode(json);
  const { $new: name, args = [], kwargs = {} } = json as { $new: string; args?: unknown[]; kwargs?: Json };
  const values = args.map(expressionOf);
  try {
    if (lastName(name) === 'CombinedExpression') {
      const [left, operator, right] = values as ConstructorParameters<typeof CombinedExpression>;
      return new CombinedExpression(left, operator, right);
    }
    return make(lastName(name), ...withOptions(values, kwargs));
  } catch (error) {
    throw new NotThere(`the expression ${name}: ${String(error)}`);
  }
}

export interface RecordedAdmin {
  readonly model: string;
  readonly class: string;
  readonly base: string;
  readonly options: Json;
  readonly inlines?: readonly RecordedAdmin[];
  readonly display?: readonly Json[];
  readonly overrides?: Readonly<Record<string, Json>>;
  readonly custom?: readonly string[];
  readonly actions?: Json;
}

export interface RecordedSite {
  readonly hash: string;
  readonly name: string;
  readonly class: string;
  readonly options: Json;
  readonly admin: readonly RecordedAdmin[];
  readonly custom?: readonly string[];
}

let all: ReadonlyMap<string, RecordedSite> | undefined;
export const recordedSites = (): ReadonlyMap<string, RecordedSite> => {
  all ??= new Map(vectors<RecordedSite & Json>('http/admin_sites').map((each) => [each.hash, each]));
  return all;
};

/** Where Django's filters are: a pair of a field and a filter names it as a text. */
const FILTERS = 'django.contrib.admin.filters.';

/** What makes values of options. */
class Values {
  constructor(
    private readonly models: SiteModels,
    private readonly model: string,
  ) {}

  of(json: unknown): unknown {
    if (Array.isArray(json)) return json.map((each) => this.of(each));
    if (typeof json === 'string' && json.startsWith(FILTERS)) return this.cls(json);
    if (json === null || typeof json !== 'object') return json;
    const given = json as Json;
    if ('$tuple' in given) return this.of(given['$tuple']);
    if ('$set' in given) return this.of(given['$set']);
    if ('$model' in given) return this.models.get(String(given['$model']));
    if ('$form' in given) return this.form(given['$form'] as Json);
    if ('$class' in given) return this.cls(String(given['$class']));
    if ('$new' in given) return expressionOf(given);
    if ('$callable' in given) return functionOf(given, {});
    return Object.fromEntries(Object.entries(given).map(([name, each]) => [name, this.of(each)]));
  }

  private cls(name: string): unknown {
    const filters = admin as unknown as Readonly<Record<string, unknown>>;
    if (name.startsWith(FILTERS)) return filters[lastName(name)];
    if (name.startsWith('django.forms.'))
      return (forms as unknown as Readonly<Record<string, unknown>>)[lastName(name)];
    const own = ported(name);
    if (own === undefined) throw new NotThere(`the class ${name}`);
    return own;
  }

  private form(form: Json): unknown {
    const custom = ((form['custom'] ?? []) as readonly string[]).filter((each) => each !== 'media');
    const isDjangos = String(form['class']).startsWith('django.');
    if (custom.length > 0 && !isDjangos)
      throw new NotThere(`the form ${String(form['class'])}: ${custom.join()}`);
    // The form of an admin's model need not say it.
    const meta = form['meta'] as Json | undefined;
    const named =
      meta !== undefined && meta['model'] === null ? { ...form, meta: { ...meta, model: this.model } } : form;
    return formClass(named, this.models);
  }
}

/** The names of Django's in options that name fields are those of TypeScript here. */
function optionsOf(recorded: RecordedAdmin, models: SiteModels): Record<string, unknown> {
  const values = new Values(models, recorded.model);
  const options: Record<string, unknown> = {};
  for (const [name, json] of Object.entries(recorded.options)) {
    if (name === 'inlines' || name === 'actions' || name === 'action_form') continue;
    options[camelCase(name)] = values.of(json);
  }
  if (recorded.options['list_display'] !== undefined) {
    options['listDisplay'] = (recorded.options['list_display'] as unknown[]).map((each) => {
      if (typeof each === 'string') return each;
      return functionOf(each as Json, recorded);
    });
  }
  return options;
}

/** A function among the columns: what it is called is known; what it does is Python. */
function functionOf(json: Json, { display = [], class: owner = '' }: Partial<RecordedAdmin>): unknown {
  const name = lastName(String(json['$callable'] ?? ''));
  const known = display.find((each) => each['on'] === 'function' && each['name'] === name);
  const own = portOf(owner)?.functions?.[name];
  const fn = (row: Model): unknown => {
    if (own === undefined) throw new NotThere(`the function ${name}`);
    return own(row);
  };
  Object.defineProperty(fn, 'name', { value: name === '<lambda>' ? '' : name });
  const { short_description: shortDescription, admin_order_field: adminOrderField } = known ?? {};
  return Object.assign(
    fn,
    shortDescription !== undefined && { shortDescription },
    typeof adminOrderField === 'string' && { adminOrderField },
  );
}

const value = (row: Model, path: string): unknown => {
  let at: unknown = row;
  for (const part of path === '' ? [] : path.split('.')) {
    if (at instanceof Date) return partOf(at, part);
    const name = camelCase(part.replace(/\(\)$/, ''));
    at = (at as Record<string, unknown>)[name];
    if (part.endsWith('()')) at = (at as () => unknown).call(row);
  }
  // What Python calls a method that nobody called.
  const { name } = row.constructor;
  return typeof at === 'function' ? `<bound method ${name}.${path} of <${name}: ${String(row)}>>` : at;
};

/** What a recording says of how a member is shown. */
const marksOf = ({ short_description: description, boolean, admin_order_field: order }: Json): object => ({
  ...(description !== undefined && { shortDescription: description }),
  ...(boolean !== undefined && { boolean }),
  ...(order !== undefined && order !== null && { adminOrderField: expressionOf(order) }),
});

/** Marks a method, or what a property is, of a model. */
function markMember(prototype: object, each: Json): void {
  const { get, value: method } =
    Object.getOwnPropertyDescriptor(prototype, camelCase(String(each['name']))) ?? {};
  const marked: unknown = get ?? method;
  if (typeof marked === 'function') Object.assign(marked, marksOf(each));
}

/** Gives an admin the methods that a recording can say. */
function giveMembers(target: object, recorded: RecordedAdmin): void {
  for (const each of recorded.display ?? []) {
    const { name, on, is } = each;
    if (on !== 'admin' || is === undefined) continue;
    const path = (is as Json)['attr'];
    const fn = (row: Model): unknown => (path === undefined ? is : value(row, String(path)));
    Object.defineProperty(fn, 'name', { value: camelCase(String(name)) });
    Object.assign(fn, marksOf(each));
    Object.defineProperty(target, camelCase(String(name)), { value: fn, configurable: true, writable: true });
  }
  for (const [name, override] of Object.entries(recorded.overrides ?? {})) {
    if ('returns' in override) {
      Object.defineProperty(target, camelCase(name), {
        value: () => override['returns'],
        configurable: true,
      });
    } else if ('chain' in override && name === 'get_queryset') {
      const chain = override['chain'] as readonly [string, unknown[], Json][];
      const inherited = (target as { getQueryset(request: unknown): unknown }).getQueryset;
      Object.defineProperty(target, 'getQueryset', {
        configurable: true,
        value(request: unknown) {
          let rows = inherited.call(this, request) as Record<string, (...args: unknown[]) => never>;
          for (const [method, args, kwargs] of chain) {
            rows = (rows[camelCase(method)] as (...args: unknown[]) => never)(
              ...args,
              ...(Object.keys(kwargs).length > 0 ? [kwargs] : []),
            );
          }
          return rows;
        },
      });
    }
  }
}

/** The actions of an admin, which are listed; what they do is Python. */
function actionsOf(recorded: RecordedAdmin): unknown[] | null | undefined {
  const named = recorded.options['actions'] as unknown[] | null | undefined;
  if (named === null || named === undefined) return named;
  return named.map((name) => {
    if (typeof name !== 'string') throw new NotThere('a function among the actions');
    const { short_description: description } = (recorded.actions?.[name] ?? {}) as {
      short_description?: string;
    };
    const run = (): never => {
      throw new NotThere(`the action ${name}`);
    };
    Object.defineProperty(run, 'name', { value: name });
    return Object.assign(run, description === undefined ? {} : { shortDescription: description });
  });
}

type InlineClass = new (...args: never[]) => admin.TabularInline<Model>;

function inlineOf(recorded: RecordedAdmin, models: SiteModels): InlineClass {
  const bases: Readonly<Record<string, unknown>> = {
    StackedInline: admin.StackedInline,
    TabularInline: admin.TabularInline,
    ...(require('tsango/contrib/contenttypes/admin') as typeof import('tsango/contrib/contenttypes/admin')),
  };
  const Base = bases[lastName(recorded.base)] as InlineClass | undefined;
  if (Base === undefined) throw new NotThere(`inlines of ${recorded.base}`);
  const model = models.get(recorded.model);
  const options = optionsOf(recorded, models);
  class Recorded extends (Base as new (...args: never[]) => object) {
    constructor(...args: never[]) {
      super(...args);
      Object.assign(this, options, { model });
      giveMembers(this, recorded);
    }
  }
  Object.defineProperty(Recorded, 'name', { value: lastName(recorded.class) });
  return Recorded as unknown as InlineClass;
}

/** Registers a recorded admin. @throws NotThere */
export function register(site: AdminSite, recorded: RecordedAdmin, models: SiteModels): void {
  const model = models.get(recorded.model) as ModelClass;
  const { UserAdmin, GroupAdmin } =
    require('tsango/contrib/auth/admin') as typeof import('tsango/contrib/auth/admin');
  const bases: Readonly<Record<string, unknown>> = { ModelAdmin: admin.ModelAdmin, UserAdmin, GroupAdmin };
  for (const each of recorded.display ?? []) if (each['on'] === 'model') markMember(model.prototype, each);
  const Base = bases[lastName(recorded.base)] as (new (...args: never[]) => object) | undefined;
  if (Base === undefined) throw new NotThere(`an admin of ${recorded.base}`);
  for (const each of recorded.display ?? []) if (each['on'] === 'model') markMember(model.prototype, each);
  const options = optionsOf(recorded, models);
  const inlines = ((recorded.options['inlines'] ?? []) as unknown as RecordedAdmin[]).map((each) =>
    inlineOf(each, models),
  );
  const actions = actionsOf(recorded);
  class Recorded extends Base {
    constructor(...args: never[]) {
      super(...args);
      Object.assign(
        this,
        options,
        inlines.length > 0 ? { inlines } : {},
        actions === undefined ? {} : { actions },
      );
      giveMembers(this, recorded);
    }
  }
  const Own = portOf(recorded.class)?.extend?.(Recorded as never) ?? Recorded;
  Object.defineProperty(Own, 'name', { value: lastName(recorded.class) });
  site.register(model as never, Own as never);
}

/** The sites of a URLconf by their names; and why a model has no admin there. */
export function adminSites(
  hashes: Readonly<Record<string, string>>,
  models: SiteModels,
): { sites: Map<string, AdminSite>; missing: Map<string, string> } {
  const sites = new Map<string, AdminSite>();
  const missing = new Map<string, string>();
  for (const [name, hash] of Object.entries(hashes)) {
    const recorded = recordedSites().get(hash);
    if (recorded === undefined) continue;
    const Site = portOf(recorded.class)?.extend(admin.AdminSite) ?? admin.AdminSite;
    const site = new Site(recorded.name);
    for (const [option, json] of Object.entries(recorded.options)) {
      if (option === 'login_form') continue;
      Object.assign(site, { [camelCase(option)]: Array.isArray(json) ? json[0] : json });
    }
    for (const each of recorded.admin) {
      try {
        register(site, each, models);
      } catch (error) {
        missing.set(each.model, String((error as Error).message));
        try {
          site.register(models.get(each.model) as never);
        } catch {
          // The model itself cannot be made.
        }
      }
    }
    sites.set(name, site);
  }
  return { sites, missing };
}
