/** The forms of `contrib.auth` as Django 5.2 has them: their HTML, their errors, and whom they leave. */
import '../db/settings';
import type { Settings } from 'tsango/conf/global_settings';
import { User } from 'tsango/contrib/auth/models';
import type { FormOptions, ModelFormInit } from 'tsango/forms';
import { PlainDateTime } from 'tsango/python/datetime';
import { Tuple } from 'tsango/python/types';
import { camelCase, importString } from 'tsango/utils/module_loading';
import { makeNaive } from 'tsango/utils/timezone';
import { djangoPasswordList, FAST_HASHERS, useAuthSite } from '../support/auth';
import { available } from '../support/services';
import { type AnyForm, differences, factsOfForm, named } from '../support/vector_form_facts';
import { type Json, read, surrounded, writers } from '../support/vector_forms';
import { describeVectors, reportArea, vectors } from '../support/vectors';

interface Fact extends Json {
  readonly form: string;
  readonly users: readonly Json[];
  readonly user?: number;
  readonly instance?: number;
  readonly kwargs: Json;
  readonly outcome: Json & { saved?: { result?: Json } };
  readonly settings?: Partial<Settings>;
}

/** What a form that was saved leaves. */
interface Saving {
  save?(): Promise<User>;
  getUser?(): User;
  getUsers?(email: string): Promise<User[]>;
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const snakeKeys = (values: unknown): Json =>
  Object.fromEntries(Object.entries(values as Json).map(([name, value]) => [snake(name), value]));

/** Rows by their keys, moments by the clock of the recording, to the millisecond that a Date has. */
writers.push((value) => {
  if (value instanceof User) return { $obj: value.pk ?? null };
  if (value === User) return { $str: 'User' };
  if (value instanceof Tuple) return [...value];
  if (!(value instanceof Date)) return undefined;
  const { year, month, day, hour, minute, second, microsecond } = makeNaive(value, 'America/Chicago');
  return { $datetime: new PlainDateTime(year, month, day, hour, minute, second, microsecond).isoformat() };
});

/** What the recording has of values, as far as we have it. */
function comparable(outcome: Json): Json {
  const text = JSON.stringify(outcome)
    .replaceAll(/\{"\$tuple":(\["username"\])\}/g, '$1')
    .replaceAll(/("\$datetime":"[^"]*\.\d{3})\d{3}"/g, '$1000"');
  return JSON.parse(text) as Json;
}

/** Facts under Django's names. */
function djangoNames(facts: Json): Json {
  const errors = facts['errors'] as Json;
  return {
    ...facts,
    errors: { ...errors, data: snakeKeys(errors['data']), lists: snakeKeys(errors['lists']) },
    cleaned_data: snakeKeys(facts['cleaned_data']),
    changed_data: (facts['changed_data'] as string[]).map(snake),
    bound_fields: Object.fromEntries(
      Object.entries(snakeKeys(facts['bound_fields'])).map(([name, bound]) => [
        name,
        { ...(bound as Json), ...(formFieldOf.get(facts)?.[name] ?? {}) },
      ]),
    ),
  };
}

/** Whether fields are required and disabled: what a bound field does not say itself. */
const formFieldOf = new WeakMap<Json, Record<string, Json>>();

async function makeUsers(rows: readonly Json[]): Promise<void> {
  await User.objects.all().delete();
  for (const row of rows) {
    const { pk, ...values } = row;
    const ours = Object.entries(values).map(([name, value]) => [camelCase(name), read(value)]);
    await new User({ id: pk, ...Object.fromEntries(ours) }).save({ forceInsert: true });
  }
}

async function made(fact: Fact): Promise<AnyForm> {
  const Form = importString(`django.contrib.auth.forms.${fact.form}`) as new (...args: unknown[]) => AnyForm;
  const options = named(fact.kwargs) as FormOptions & ModelFormInit<User>;
  if (fact.form === 'AuthenticationForm') return new Form(null, options);
  if (fact.user !== undefined) return new Form(await User.objects.get({ pk: fact.user }), options);
  if (fact.instance !== undefined) {
    return new Form({ ...options, instance: await User.objects.get({ pk: fact.instance }) });
  }
  return new Form(options);
}

async function factsOf(fact: Fact): Promise<Json> {
  const form = await made(fact);
  const facts = await factsOfForm(form);
  formFieldOf.set(
    facts,
    Object.fromEntries(
      Object.entries(form.fields).map(([name, { required, disabled }]) => [
        snake(name),
        { required, disabled },
      ]),
    ),
  );
  const known = djangoNames(facts);
  const { outcome } = fact;
  const saving = form as unknown as Saving;
  const cleaned = form.cleanedData as Json;
  return {
    ...known,
    ...('user' in outcome && { user: saving.getUser?.().pk }),
    ...('users' in outcome && {
      users: (await saving.getUsers?.(String(cleaned['email'])))?.map(({ pk }) => pk),
    }),
    ...(outcome.saved !== undefined && { saved: { result: await saved(saving, cleaned) } }),
  };
}

async function saved(form: Saving, cleaned: Json): Promise<Json> {
  const user = (await form.save?.()) as User;
  const found = await User.objects.get({ pk: user.pk });
  const { username, email, firstName, lastName, isActive, isStaff, isSuperuser } = found;
  return {
    ...{ username, email, first_name: firstName, last_name: lastName },
    ...{ is_active: isActive, is_staff: isStaff, is_superuser: isSuperuser },
    has_usable_password: found.hasUsablePassword(),
    check_password: await found.checkPassword(String(cleaned['password1'] ?? cleaned['newPassword1'])),
  };
}

/** Django's own list of passwords, where none is named. */
function settingsOf({ settings = {} }: Fact): Partial<Settings> {
  const validators = settings.AUTH_PASSWORD_VALIDATORS?.map((entry) =>
    String(entry.NAME).endsWith('.CommonPasswordValidator')
      ? { ...entry, OPTIONS: { passwordListPath: djangoPasswordList() } }
      : entry,
  );
  return { ...settings, ...(validators && { AUTH_PASSWORD_VALIDATORS: validators }) };
}

describeVectors('auth/auth', 'forms of users', () => {
  useAuthSite({
    SECRET_KEY: 'django_tests_secret_key',
    USE_TZ: false,
    TIME_ZONE: 'America/Chicago',
    LANGUAGE_CODE: 'en',
    PASSWORD_HASHERS: FAST_HASHERS,
  });
  const facts = vectors<Fact>('auth/auth').filter(
    (fact) =>
      fact['call'] === 'auth_form' &&
      (available('django') || !JSON.stringify(fact.settings ?? {}).includes('CommonPasswordValidator')),
  );

  it.each([...new Set(facts.map(({ form }) => form))])('%s', async (name) => {
    const own = facts.filter(({ form }) => form === name);
    const failures: string[] = [];
    for (const fact of own) {
      await makeUsers(fact.users);
      const found = await surrounded({ settings: settingsOf(fact) }, () =>
        factsOf(fact).then(
          (said) => differences(said, comparable(fact.outcome), name),
          (error: Error) => [`${name}: ${error.stack}`],
        ),
      );
      if (found.length > 0) failures.push(`${JSON.stringify(fact.kwargs)}\n  ${found.join('\n  ')}`);
    }
    reportArea(`auth form ${name}`, own.length - failures.length, own.length);
    expect(failures).toEqual([]);
  });
});
