/** What is registered with a site: admins of models, and actions. Django: the half of `AdminSite` that is about them. */
import type { CheckMessage } from '../../../core/checks/messages';
import { ImproperlyConfigured } from '../../../core/exceptions';
import type { Model, ModelClass } from '../../../db/models/base';
import type { HttpRequest } from '../../../http/request';
import type { HttpResponseBase } from '../../../http/response_base';
import type { Text } from '../../../utils/functional';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { AlreadyRegistered, NotRegistered } from '../exceptions';
import type { ModelAdmin, ModelAdminClass, ModelAdminOptions } from '../options';
import type { ActionSteps } from '../progress';
import type { AdminSite } from '../sites';

/** A view of an admin: what the address captured comes as an object. */
export type AdminViewFunction = (
  request: HttpRequest,
  params: Readonly<Record<string, unknown>>,
) => MaybePromise<HttpResponseBase>;

/** A function that does something to the objects that were chosen. */
export interface ActionFunction {
  (
    admin: ModelAdmin<Model>,
    request: HttpRequest,
    // biome-ignore lint/suspicious/noExplicitAny: each action takes the rows of its model.
    queryset: any,
    // biome-ignore lint/suspicious/noConfusingVoidType: most actions return nothing.
  ): MaybePromise<HttpResponseBase | undefined | void> | ActionSteps;
  shortDescription?: Text;
  allowedPermissions?: readonly string[];
  /** Whether it returns an async generator; known of a function that is one, to be said of one that wraps one. */
  reportsProgress?: boolean;
}

/** A model: its class. */
export type ClassOf<M extends Model> = (abstract new (...args: never[]) => M) & { readonly name: string };

const made = new Set<WeakRef<AdminSite>>();

/** Every site that was made and is still in use: what the system checks look at. Django: `all_sites`. */
export function allSites(): AdminSite[] {
  return [...made].flatMap((ref) => {
    const site = ref.deref();
    if (site === undefined) made.delete(ref);
    return site ?? [];
  });
}

/** The models of a site with their admins, and its actions. */
export abstract class AdminRegistry {
  private readonly registry = new Map<ModelClass, ModelAdmin<Model>>();
  private readonly globalActions = new Map<string, ActionFunction>();
  private readonly enabled = new Map<string, ActionFunction>();

  /** @param name the instance namespace of its addresses. */
  constructor(readonly name = 'admin') {
    const { deleteSelected } = require('../actions') as typeof import('../actions');
    this.globalActions.set('delete_selected', deleteSelected as ActionFunction);
    this.enabled.set('delete_selected', deleteSelected as ActionFunction);
    made.add(new WeakRef(this as unknown as AdminSite));
  }

  // What is registered ------------------------------------------------------------------------------------------

  /**
   * Gives models an admin.
   *
   * @param adminClass its class, or the options of one that is made.
   * @throws AlreadyRegistered; ImproperlyConfigured for a model that is abstract.
   *
   * @example
   * ```ts
   * admin.site.register(Book, BookAdmin);
   * admin.site.register(Author, { searchFields: ['name'], listDisplay: ['name', 'born'] });
   * ```
   */
  register<M extends Model>(
    models: ClassOf<M> | readonly ClassOf<Model>[],
    adminClass: ModelAdminClass<M> | ModelAdminOptions<M> = {},
  ): void {
    const { ModelAdmin: Base } = require('../options') as typeof import('../options');
    for (const given of Array.isArray(models) ? (models as ClassOf<M>[]) : [models as ClassOf<M>]) {
      const model = given as unknown as ModelClass;
      if (model.isAbstract) {
        throw new ImproperlyConfigured(
          `The model ${model.name} is abstract, so it cannot be registered with admin.`,
        );
      }
      const registered = this.registry.get(model);
      if (registered !== undefined) {
        const where = `${model._meta.appLabel}.${registered.constructor.name}`;
        throw new AlreadyRegistered(`The model ${model.name} is already registered with '${where}'.`);
      }
      if (model._meta.swapped !== undefined) continue;
      const Admin = (typeof adminClass === 'function'
        ? adminClass
        : withOptions(model, Base, adminClass)) as unknown as ModelAdminClass<Model>;
      this.registry.set(model, new Admin(model, this as unknown as AdminSite));
    }
  }

  /** Takes the admin of models away. @throws NotRegistered */
  unregister(models: ClassOf<Model> | readonly ClassOf<Model>[]): void {
    for (const given of Array.isArray(models) ? (models as ClassOf<Model>[]) : [models as ClassOf<Model>]) {
      if (!this.registry.delete(given as unknown as ModelClass)) {
        throw new NotRegistered(`The model ${given.name} is not registered`);
      }
    }
  }

  isRegistered(model: ClassOf<Model>): boolean {
    return this.registry.has(model as unknown as ModelClass);
  }

  /** The admin of a model. @throws NotRegistered */
  getModelAdmin<M extends Model>(model: ClassOf<M>): ModelAdmin<M> {
    const found = this.find(model);
    if (found === undefined) throw new NotRegistered(`The model ${model.name} is not registered.`);
    return found as unknown as ModelAdmin<M>;
  }

  /** The admin of a model, if it has one here. */
  find(model: ClassOf<Model>): ModelAdmin<Model> | undefined {
    return this.registry.get(model as unknown as ModelClass);
  }

  /** Models and their admins, in the order in which they were registered. */
  get modelAdmins(): ReadonlyMap<ModelClass, ModelAdmin<Model>> {
    return this.registry;
  }

  /** What is wrong with the admins of these apps. */
  check(labels?: ReadonlySet<string>): CheckMessage[] {
    return [...this.registry.values()].flatMap((admin) =>
      labels === undefined || labels.has(admin.opts.appLabel) ? admin.check() : [],
    );
  }

  // Actions -----------------------------------------------------------------------------------------------------

  /** Makes an action that every admin has. @param name by which it can be disabled. */
  addAction(action: ActionFunction, name: string = action.name): void {
    this.enabled.set(name, action);
    this.globalActions.set(name, action);
  }

  /** Takes an action from all admins that do not name it. @throws KeyError-like Error where there is none. */
  disableAction(name: string): void {
    if (!this.enabled.delete(name)) throw new NotRegistered(`There is no action '${name}' of the site.`);
  }

  /** An action by its name, also one that is disabled. @throws NotRegistered */
  getAction(name: string): ActionFunction {
    const found = this.globalActions.get(name);
    if (found === undefined) throw new NotRegistered(`There is no action '${name}' of the site.`);
    return found;
  }

  /** The actions that every admin has. */
  get actions(): ReadonlyMap<string, ActionFunction> {
    return this.enabled;
  }
}

/** The class of an admin that options make: messages call it as they call one that is written out. */
function withOptions(model: ModelClass, Base: typeof ModelAdmin, options: object): ModelAdminClass {
  if (Object.keys(options).length === 0) return Base;
  class Made extends Base<Model> {
    constructor(own: ModelClass, site: AdminSite) {
      super(own, site);
      Object.assign(this, options);
    }
  }
  Object.defineProperty(Made, 'name', { value: `${model.name}Admin` });
  return Made;
}
