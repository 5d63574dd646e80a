/** What can be wrong with the model of users, and with permissions. Django: `django.contrib.auth.checks`. */
import { settings } from '../../conf';
import { placeOf } from '../../core/checks/installed';
import { Error as CheckError, type CheckMessage, Critical, Warning } from '../../core/checks/messages';
import { refused } from '../../core/checks/named';
import { type CheckArguments, register, Tags } from '../../core/checks/registry';
import { ImproperlyConfigured } from '../../core/exceptions';
import type { ModelClass } from '../../db/models/base';
import type { Field } from '../../db/models/fields/base';
import type { Options } from '../../db/models/options';
import type { UserClass } from './base_user';
import { backendPath, getBackendsByPath } from './load';
import { allPermissions, builtinPermissions } from './permission_names';
import { getUserModel } from './user_model';

type Found = Generator<CheckMessage>;

/** The model of users, if it is of one of the apps that are looked at. */
function userModel({ appConfigs }: CheckArguments): UserClass | undefined {
  const [label] = settings.AUTH_USER_MODEL.split('.');
  if (appConfigs !== undefined && !appConfigs.some((config) => config.label === label)) return undefined;
  try {
    return getUserModel();
  } catch (error) {
    // Whatever refers to it says so: fields.E300, models.E0xx.
    if (error instanceof ImproperlyConfigured) return undefined;
    throw error;
  }
}

/** A field by its own name or that of its property. */
export function fieldNamed(meta: Options, name: string): Field | undefined {
  return meta.fieldsByProperty.get(name) ?? meta.findField(name);
}

function* checkUserModel(cls: UserClass): Found {
  const { USERNAME_FIELD, REQUIRED_FIELDS } = cls;
  if (!Array.isArray(REQUIRED_FIELDS)) {
    yield new CheckError("'REQUIRED_FIELDS' must be a list or tuple.", { obj: cls, id: 'auth.E001' });
  } else if (REQUIRED_FIELDS.includes(USERNAME_FIELD)) {
    yield new CheckError(
      "The field named as the 'USERNAME_FIELD' for a custom user model must not be included in 'REQUIRED_FIELDS'.",
      {
        hint:
          `The 'USERNAME_FIELD' is currently set to '${USERNAME_FIELD}', you should remove '${USERNAME_FIELD}' from ` +
          "the 'REQUIRED_FIELDS'.",
        obj: cls,
        id: 'auth.E002',
      },
    );
  }
  yield* checkUniqueness(cls);
  const prototype = cls.prototype as unknown as Readonly<Record<string, unknown>>;
  for (const [name, id] of [
    ['isAnonymous', 'auth.C009'],
    ['isAuthenticated', 'auth.C010'],
  ] as const) {
    if (typeof prototype[name] !== 'function') continue;
    yield new Critical(
      `${cls.name}.${name} must be an attribute or property rather than a method. Ignoring this is a security issue ` +
        'as anonymous users will be treated as authenticated!',
      { obj: cls, id },
    );
  }
}

function* checkUniqueness(cls: UserClass): Found {
  const { USERNAME_FIELD, _meta: meta } = cls;
  const field = fieldNamed(meta, USERNAME_FIELD);
  if (field === undefined || field.unique || isUniqueByConstraint(meta, field)) return;
  const label = `${meta.objectName}.${USERNAME_FIELD}`;
  const [only, ...others] = settings.AUTHENTICATION_BACKENDS;
  if (
    only !== undefined &&
    others.length === 0 &&
    backendPath(only) === 'django.contrib.auth.backends.ModelBackend'
  ) {
    yield new CheckError(`'${label}' must be unique because it is named as the 'USERNAME_FIELD'.`, {
      obj: cls,
      id: 'auth.E003',
    });
  } else {
    yield new Warning(`'${label}' is named as the 'USERNAME_FIELD', but it is not unique.`, {
      hint: 'Ensure that your authentication backend(s) can handle non-unique usernames.',
      obj: cls,
      id: 'auth.W004',
    });
  }
}

function isUniqueByConstraint(meta: Options, field: Field): boolean {
  const { UniqueConstraint } =
    require('../../db/models/constraints') as typeof import('../../db/models/constraints');
  return meta.constraints.some(
    (constraint) =>
      constraint instanceof UniqueConstraint &&
      (constraint.condition ?? null) === null &&
      constraint.fields?.length === 1 &&
      constraint.fields[0] === field.name,
  );
}

/** What `Permission` has room for. */
function permissionLengths(): { name: number; codename: number } {
  const { Permission } = require('./models') as typeof import('./models');
  const { _meta: meta } = Permission;
  return {
    name: Number(meta.getField('name').maxLength),
    codename: Number(meta.getField('codename').maxLength),
  };
}

const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length));

function* checkModelPermissions(model: ModelClass, max: { name: number; codename: number }): Found {
  const { _meta: meta } = model;
  const builtin = builtinPermissions(meta);
  const longestName = longest(builtin.map(([, name]) => name));
  if (longestName > max.name) {
    const room = max.name - (longestName - String(meta.verboseName).length);
    yield new CheckError(
      `The verbose_name of model '${meta.label}' must be at most ${room} characters for its builtin permission names ` +
        `to be at most ${max.name} characters.`,
      { obj: model, id: 'auth.E007' },
    );
  }
  const longestCode = longest(builtin.map(([codename]) => codename));
  if (longestCode > max.codename) {
    const room = max.codename - (longestCode - meta.modelName.length);
    yield new CheckError(
      `The name of model '${meta.label}' must be at most ${room} characters for its builtin permission codenames to be ` +
        `at most ${max.codename} characters.`,
      { obj: model, id: 'auth.E011' },
    );
  }
  const builtinNames = new Set(builtin.map(([codename]) => codename));
  const seen = new Set<string>();
  for (const [codename, name] of allPermissions(meta).slice(builtin.length)) {
    if (name.length > max.name) {
      yield new CheckError(
        `The permission named '${name}' of model '${meta.label}' is longer than ${max.name} characters.`,
        { obj: model, id: 'auth.E008' },
      );
    }
    if (codename.length > max.codename) {
      yield new CheckError(
        `The permission codenamed '${codename}' of model '${meta.label}' is longer than ${max.codename} characters.`,
        { obj: model, id: 'auth.E012' },
      );
    }
    if (builtinNames.has(codename)) {
      yield new CheckError(
        `The permission codenamed '${codename}' clashes with a builtin permission for model '${meta.label}'.`,
        { obj: model, id: 'auth.E005' },
      );
    } else if (seen.has(codename)) {
      yield new CheckError(
        `The permission codenamed '${codename}' is duplicated for model '${meta.label}'.`,
        { obj: model, id: 'auth.E006' },
      );
    }
    seen.add(codename);
  }
}

function checkMiddleware(): CheckMessage[] {
  const place = placeOf(settings.MIDDLEWARE, 'tsango.contrib.auth.middleware.LoginRequiredMiddleware');
  if (place < 0) return [];
  const before = placeOf(settings.MIDDLEWARE, 'tsango.contrib.auth.middleware.AuthenticationMiddleware');
  if (before >= 0 && before < place) return [];
  return [
    new CheckError(
      'In order to use django.contrib.auth.middleware.LoginRequiredMiddleware, ' +
        'django.contrib.auth.middleware.AuthenticationMiddleware must be defined before it in MIDDLEWARE.',
      { id: 'auth.E013' },
    ),
  ];
}

/** Django imports what these name when the first user logs in. */
function checkNames(): CheckMessage[] {
  const { getHashers } = require('./hashers') as typeof import('./hashers');
  const validation = require('./password_validation') as typeof import('./password_validation');
  return [
    ...refused('auth.E901', getBackendsByPath, 'AUTHENTICATION_BACKENDS: '),
    ...refused('auth.E902', getHashers, 'PASSWORD_HASHERS: '),
    ...refused('auth.E903', validation.getDefaultPasswordValidators),
  ];
}

/** Where failed log-ins are counted: a cache that forgets them, or that an attacker has several of, limits nothing. */
function checkLoginFailures(): CheckMessage[] {
  if (settings.LOGIN_FAILURE_LIMITS === null) return [];
  const { limitsOfSettings } = require('./login_failures') as typeof import('./login_failures');
  const errors = refused('auth.E904', limitsOfSettings);
  if (errors.length > 0) return errors;
  const { CACHE: alias = 'default' } = settings.LOGIN_FAILURE_LIMITS;
  const backend = settings.CACHES[alias]?.BACKEND ?? '';
  const name = typeof backend === 'string' ? backend : backend.name;
  const where = `LOGIN_FAILURE_LIMITS counts in the cache '${alias}'`;
  if (name.endsWith('DummyCache')) {
    return [new Warning(`${where}, which keeps nothing: there are no limits.`, { id: 'auth.W905' })];
  }
  if (name.endsWith('LocMemCache') && !settings.DEBUG) {
    const hint = 'Name another one by CACHE, with room for as many entries as names may be tried.';
    return [
      new Warning(`${where}, of which each process has its own, that a restart empties.`, {
        hint,
        id: 'auth.W906',
      }),
    ];
  }
  return [];
}

register((args) => {
  const cls = userModel(args);
  return cls === undefined ? [] : [...checkUserModel(cls)];
}, Tags.models);
register(({ appConfigs }) => {
  const max = permissionLengths();
  const { installedModels } =
    require('../../db/models/registry') as typeof import('../../db/models/registry');
  const all =
    appConfigs === undefined
      ? installedModels.getModels()
      : appConfigs.flatMap((config) => installedModels.getModels(config));
  return all.flatMap((model) => [...checkModelPermissions(model, max)]);
}, Tags.models);
register(checkMiddleware);
register(checkNames, Tags.settings);
register(checkLoginFailures, Tags.settings);
