/** The models of a recorded site: classes declared of their description; those of Django's apps are our own. */
import * as models from 'tsango/db/models';
import type { ModelClass } from 'tsango/db/models/base';
import { declaredFields, declareField } from 'tsango/db/models/fields/decorators';
import { toStr } from 'tsango/python/str';
import { camelCase, importModule, importString, packagePath } from 'tsango/utils/module_loading';
import { NotThere as NoSuchPart } from '../vector_expressions';
import { fieldFrom, metaOf } from '../vector_models';
import { evaluate } from './expressions';
import { type Json, lastName, modelsOf, NotThere, type RecordedModel } from './facts';
import { ported } from './ports';

type AnyClass = typeof models.Model & ModelClass;

const labelOf = ({ app, name }: RecordedModel): string => `${app}.${name}`.toLowerCase();

function fieldOf(cls: string, kwargs: Json, args: readonly unknown[] = []): models.Field {
  const named = Object.fromEntries(
    Object.entries(kwargs).map(([name, value]) => {
      const callable = (value as Json | null)?.['$callable'];
      return [name, name === 'on_delete' && callable ? lastName(String(callable)) : value];
    }),
  );
  return fieldFrom({ class: lastName(cls), kwargs: named, args });
}

/** Attributes of models of users that name fields. */
const NAMES = (value: unknown): unknown => {
  if (typeof value === 'string') return camelCase(value);
  const list = (value as { $tuple?: unknown[] } | null)?.$tuple ?? value;
  return Array.isArray(list) ? list.map(NAMES) : list;
};

/** The manager of a description; of one that is the site's own, what Django has that comes nearest. */
function managerOf(cls: string, isUser: boolean): models.AnyManager {
  const own = ported(cls);
  if (own !== undefined) return new (own as new () => models.AnyManager)();
  const named = cls.startsWith('django.contrib.') ? cls : 'django.contrib.auth.base_user.BaseUserManager';
  if (!isUser && named !== cls) return new models.Manager();
  return new (importString(named) as new () => models.AnyManager)();
}

/** The models of one site. */
export class SiteModels {
  /** Why a model could not be made. */
  readonly missing = new Map<string, string>();
  private readonly classes = new Map<string, AnyClass>();
  private readonly described: ReadonlyMap<string, RecordedModel>;

  constructor(app: string) {
    this.described = new Map(modelsOf(app).map((model) => [labelOf(model), model]));
    for (const [label, model] of this.described) {
      try {
        this.make(label, model);
      } catch (error) {
        if (!(error instanceof NotThere || error instanceof NoSuchPart)) throw error;
        this.missing.set(label, error.message);
      }
    }
  }

  /** The labels of the apps that have models. */
  get labels(): string[] {
    return [...new Set([...this.described.values()].map(({ app }) => app))];
  }

  /** The classes that were made for an app; none for one that is here. */
  declared(app: string): ModelClass[] {
    return [...this.classes]
      .filter(([label]) => label.startsWith(`${app}.`) && !isHere(app))
      .map(([, cls]) => cls);
  }

  /** Every class. */
  all(): ModelClass[] {
    return [...this.classes.values()];
  }

  /** A model by its label. @throws NotThere */
  get(label: string): ModelClass {
    const found = this.classes.get(label.toLowerCase());
    if (found !== undefined) return found;
    throw new NotThere(`the model ${label}: ${this.missing.get(label.toLowerCase()) ?? 'not described'}`);
  }

  private make(label: string, model: RecordedModel): AnyClass {
    const known = this.classes.get(label);
    if (known !== undefined) return known;
    const cls = isHere(model.app) ? djangos(model) : this.declare(model);
    this.classes.set(label, cls);
    return cls;
  }

  private declare(model: RecordedModel): AnyClass {
    const Base = this.baseOf(model);
    const Meta = {
      ...metaOf({ table: model.table, options: plainOptions(model.options) }),
      appLabel: model.app,
    };
    const holder = {
      [model.name]: class extends Base {
        static override readonly Meta: models.MetaOptions = Meta;
      },
    };
    const cls = holder[model.name] as AnyClass;
    const inherited = inheritedNames(Base);
    for (const [name, kind, kwargs, args] of model.fields) {
      // Two users whose groups are of one name would know each other's: what a model says of its own relations holds.
      if (!inherited.has(camelCase(name)) || lastName(kind) === 'ManyToManyField')
        declareField(cls, camelCase(name), fieldOf(kind, kwargs, args));
    }
    for (const [name, kind, kwargs] of model.virtual ?? [])
      declareField(cls, camelCase(name), fieldOf(kind, camelCased(kwargs)));
    const isUser = model.django_bases !== undefined;
    for (const [name, value] of Object.entries(model.attrs ?? {})) constant(cls, name, NAMES(value));
    for (const [name, kind] of model.managers ?? []) {
      if (isUser || name !== 'objects' || ported(kind) !== undefined)
        constant(cls, camelCase(name), managerOf(kind, isUser));
    }
    giveMembers(cls.prototype, model);
    return cls;
  }

  /** The class that a model extends: another model, or what Django has for users. */
  private baseOf({ bases, django_bases: djangoBases = [] }: RecordedModel): typeof models.Model {
    const parent = bases.find((base) => !base.startsWith('django.'))?.toLowerCase();
    if (parent !== undefined) {
      const description = this.described.get(parent);
      if (description === undefined) throw new NotThere(`the model ${parent}`);
      return this.make(parent, description);
    }
    const abstract = djangoBases.map(lastName);
    const name = ['AbstractUser', 'PermissionsMixin', 'AbstractBaseUser'].find((each) =>
      abstract.includes(each),
    );
    if (name !== undefined) return importString(`django.contrib.auth.models.${name}`) as typeof models.Model;
    const [other] = djangoBases;
    return other === undefined ? models.Model : (importString(other) as typeof models.Model);
  }
}

/** Whether an app is one of Django's that is here: its models are our own. */
export const isHere = (app: string): boolean => packagePath(`django.contrib.${app}`) !== undefined;

function djangos({ app, name }: RecordedModel): AnyClass {
  const found = importModule(`django.contrib.${app}.models`)[name];
  if (typeof found !== 'function') throw new NotThere(`the model ${app}.${name}`);
  return found as AnyClass;
}

const constant = (holder: object, name: string, value: unknown): unknown =>
  Object.defineProperty(holder, name, { value, configurable: true, enumerable: true });

/** Options whose values name fields. */
const camelCased = (kwargs: Json): Json =>
  Object.fromEntries(
    Object.entries(kwargs).map(([name, value]) => [name, name === 'to' ? value : NAMES(value)]),
  );

/** What Meta can have: whether a model is swapped is for the settings to say. */
const plainOptions = (options: Json): Json =>
  Object.fromEntries(
    Object.entries(options).filter(
      ([name]) => !['indexes', 'constraints', 'required_db_vendor'].includes(name),
    ),
  );

/** The properties of fields that the bases of a class declare. */
function inheritedNames(base: object): ReadonlySet<string> {
  const names = new Set<string>();
  for (let cls = base; cls !== models.Model; cls = Object.getPrototypeOf(cls) as object)
    for (const name of declaredFields(cls).keys()) names.add(name);
  return names;
}

function giveMembers(prototype: object, { str, get_absolute_url: url, members = {} }: RecordedModel): void {
  const member = (key: string, body: (object: models.Model) => unknown): void => {
    Object.defineProperty(prototype, key, {
      value(this: models.Model) {
        return body(this);
      },
      writable: true,
      configurable: true,
    });
  };
  if (str !== undefined) member('toString', (object) => toStr(evaluate(str, object)));
  if (url !== undefined) member('getAbsoluteUrl', (object) => evaluate(url, object));
  for (const [name, { kind, is }] of Object.entries(members)) {
    if (is === undefined) continue;
    if (kind === 'method') member(camelCase(name), (object) => evaluate(is, object));
    else {
      Object.defineProperty(prototype, camelCase(name), {
        get(this: models.Model) {
          return evaluate(is, this);
        },
        configurable: true,
      });
    }
  }
}
