/**
 * A plugin of TypeDoc: no names of our own that begin with `_`, and "Django: …" at every name that Django's documentation has, with a link to where it stands there.
 * What a comment links to itself stays alone. django.json has Django's names; scripts/django_names.js writes it.
 */
import { readFileSync } from 'node:fs';
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';

const SITE = 'https://docs.djangoproject.com/en/5.2/';
const PAGES = JSON.parse(readFileSync(new URL('django.json', import.meta.url), 'utf8'));

/** Where each of Django's names is documented. */
const ADDRESSES = new Map(
  Object.entries(PAGES).flatMap(([page, names]) =>
    names.map((entry) => {
      const [name, anchor = name] = entry.split(' ');
      return [name, `${SITE}${page}#${anchor}`];
    }),
  ),
);

/** The modules that Django's documentation has, as paths: `core/paginator`. */
export const MODULES = [...ADDRESSES]
  .filter(([, address]) => address.includes('#module-django.'))
  .map(([name]) => name.split('.').slice(1).join('/'));

const TEST_CASE = 'django.test.SimpleTestCase';

/** What stands elsewhere in Django, or has another name there: of a module, or `module.name`, as the reference has them. */
const ELSEWHERE = {
  conf: 'topics/settings/',
  'conf.configure': 'django.conf.settings.configure',
  'conf.overrideSettings': 'django.test.override_settings',
  'conf.settings': 'topics/settings/#using-settings-in-python-code',
  'contrib/admin.site': 'ref/contrib/admin/#adminsite-objects',
  'contrib/admin/filters': 'ref/contrib/admin/filters/',
  'contrib/admin/options': 'ref/contrib/admin/#modeladmin-objects',
  'contrib/postgres/fields': 'ref/contrib/postgres/fields/',
  'contrib/postgres/forms': 'ref/contrib/postgres/forms/',
  'contrib/postgres/search': 'ref/contrib/postgres/search/',
  'contrib/staticfiles/storage': 'ref/contrib/staticfiles/#storages',
  'core/cache': 'topics/cache/',
  'core/checks/security': 'ref/checks/#security',
  'core/mail.outbox': 'topics/testing/tools/#email-services',
  'core/serializers': 'topics/serialization/',
  'db.TransactionManagementError': 'django.db.transaction.TransactionManagementError',
  'db.connection': 'topics/db/sql/#executing-custom-sql-directly',
  'db/migrations.RunCode': 'django.db.migrations.operations.RunPython',
  'db/migrations.swappableDependency': 'topics/migrations/#dependencies',
  'db/models.IntegerChoices': 'ref/models/fields/#enumeration-types',
  'db/models.KT': 'django.db.models.fields.json.KT',
  'db/models.TextChoices': 'ref/models/fields/#enumeration-types',
  'db/models/aggregates': 'ref/models/querysets/#aggregation-functions',
  'index.setup': 'django.setup',
  'template.Origin': 'django.template.base.Origin',
  'template.engines': 'django.template.loader.engines',
  'test.RedirectCycleError': 'django.test.client.RedirectCycleError',
  'test.assertNumQueries': 'django.test.TransactionTestCase.assertNumQueries',
  'test.assertQuerySetEqual': 'django.test.TransactionTestCase.assertQuerySetEqual',
  'test.setupDatabases': 'django.test.utils.setup_databases',
  'test.teardownDatabases': 'django.test.utils.teardown_databases',
  'test/runner': 'topics/testing/advanced/#other-testing-frameworks',
  'views/decorators': 'topics/http/decorators/',
  'views/generic': 'ref/class-based-views/',
  'views/generic.ProcessFormView': 'django.views.generic.edit.ProcessFormView',
};

/** Where a name of Django, or a page of its documentation, is. */
const addressOf = (name) => (name.startsWith('django.') ? ADDRESSES.get(name) : `${SITE}${name}`);

/** `getObjectOr404` as Python has it. */
const python = (name) =>
  name
    .replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replace(/(?<=_or)(?=404$)/, '_');

/**
 * The name in Django of what `file` (`db/models/fields/char.ts`) declares, and where it is documented: Django's pages have it
 * under the module that people import it from, which is that of the file or a folder above.
 */
export function djangoName(file, name) {
  const modules = file
    .replace(/\.ts$/, '')
    .replace(/\/index$/, '')
    .split('/');
  const spellings = [...new Set([name, python(name)])];
  for (let depth = modules.length; depth > 0; depth -= 1) {
    const module = ['django', ...modules.slice(0, depth)].join('.');
    for (const spelling of spellings) {
      if (ADDRESSES.has(`${module}.${spelling}`)) return `${module}.${spelling}`;
    }
  }
  return undefined;
}

/** The name in Django of a reflection, or its page; a member's is looked for in its class alone: what is inherited stands there. */
function nameOf(reflection, path, found) {
  const { parent, sources, name } = reflection;
  if (parent?.kindOf(ReflectionKind.ClassOrInterface)) {
    const owner = found.get(parent);
    if (owner === undefined || reflection.inheritedFrom !== undefined) return undefined;
    return [name, python(name)].map((spelling) => `${owner}.${spelling}`).find((each) => ADDRESSES.has(each));
  }
  if (Object.hasOwn(ELSEWHERE, path)) return ELSEWHERE[path];
  if (reflection.kindOf(ReflectionKind.SomeModule)) return djangoModule(name);
  if (path.startsWith('test.assert') && ADDRESSES.has(`${TEST_CASE}.${name}`)) return `${TEST_CASE}.${name}`;
  const file = sources?.[0]?.fileName;
  return file === undefined ? undefined : djangoName(file, name);
}

function djangoModule(name) {
  const module = `django.${name.replaceAll('/', '.')}`;
  return ADDRESSES.has(module) ? module : undefined;
}

const KINDS =
  ReflectionKind.SomeModule |
  ReflectionKind.ClassOrInterface |
  ReflectionKind.FunctionOrMethod |
  ReflectionKind.Variable |
  ReflectionKind.Property |
  ReflectionKind.Accessor;

/** `module.name`, as ELSEWHERE has it. */
function pathOf(reflection) {
  const { parent, name } = reflection;
  return parent === undefined || parent.isProject() ? name : `${pathOf(parent)}.${name}`;
}

/** Adds "Django: …" to what says nothing of it yet. */
function describe(reflection, name) {
  const described = reflection.signatures ?? [reflection.getSignature ?? reflection];
  for (const each of described) {
    each.comment ??= new Comment();
    const { summary, blockTags } = each.comment;
    const parts = [...summary, ...blockTags.flatMap(({ content }) => content)];
    if (parts.some(({ text }) => text.includes('docs.djangoproject.com'))) continue;
    blockTags.push(new CommentTag('@django', [{ kind: 'text', text: `[\`${name}\`](${addressOf(name)})` }]));
  }
}

function link(project) {
  const found = new Map();
  const paths = new Set();
  const isClass = (each) => Number(each.kindOf(ReflectionKind.ClassOrInterface));
  // Classes first: their members are looked for in them.
  const reflections = project.getReflectionsByKind(KINDS).sort((a, b) => isClass(b) - isClass(a));
  for (const reflection of reflections) {
    const path = pathOf(reflection);
    paths.add(path);
    const name = nameOf(reflection, path, found);
    if (name === undefined) continue;
    found.set(reflection, name);
    describe(reflection, name);
  }
  const wrong = Object.entries(ELSEWHERE).filter(
    ([path, name]) => !paths.has(path) || addressOf(name) === undefined,
  );
  return { found, wrong };
}

/** Names that begin with `_` may change with any release: the reference has those alone that Django's documentation has. */
function hide(project) {
  for (const reflection of project.getReflectionsByKind(KINDS)) {
    const isOurs =
      reflection.name.startsWith('_') &&
      !/^_(?:meta|state|defaultManager|baseManager)$/.test(reflection.name);
    if (isOurs && reflection.parent?.kindOf(ReflectionKind.ClassOrInterface))
      project.removeReflection(reflection);
  }
}

/** An example of one line stands between backticks in its comment, and is made a block of code with them. */
function unquoteExamples(project) {
  for (const reflection of Object.values(project.reflections)) {
    for (const { tag, content } of reflection.comment?.blockTags ?? []) {
      if (tag !== '@example') continue;
      for (const part of content) part.text = part.text.replace(/^(```\w*\n)`([^`\n]+)`(\n```)$/, '$1$2$3');
    }
  }
}

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => hide(project));
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    unquoteExamples(project);
    const { found, wrong } = link(project);
    for (const [path, name] of wrong) app.logger.error(`django.mjs: ${path} or ${name} is not there`);
    app.logger.info(`${found.size} names with a link to the documentation of Django`);
  });
}
