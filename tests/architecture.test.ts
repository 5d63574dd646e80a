/**
 * The layers of docs/architecture.md. Everything counts: imports of values, of types, and what a function loads when it
 * needs it. What looks upwards, and what goes in a circle, stands in a list with its reason.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const FRAMEWORK = path.resolve(__dirname, '..', 'framework');

/** Lowest first. A module belongs to the longest prefix that matches. */
const LAYERS: readonly (readonly string[])[] = [
  ['python'],
  [
    'utils',
    'conf',
    'apps',
    'dispatch',
    'index',
    'core/exceptions',
    'core/validation_error',
    'core/validators',
    'core/signals',
    'core/signing',
    'core/paginator',
    'core/serializers/encode_json',
  ],
  ['core/checks', 'core/cache', 'core/mail'],
  ['http', 'core/files'],
  ['urls'],
  ['db', 'template', 'templatetags'],
  ['forms'],
  [
    'core/handlers',
    'core/management',
    'core/serializers',
    'core/servers',
    'middleware',
    'views',
    'shortcuts',
    // Django's place for URLs that lead to views.
    'conf/urls',
  ],
  ['contrib'],
  // Django's place for a test case of an app.
  ['test', 'bin', 'request_attributes', 'contrib/messages/test', 'contrib/staticfiles/testing'],
];

/** Who looks upwards, for a type or when it is needed, to where, and why. */
const UPWARDS: readonly (readonly [from: string, to: string, reason: string])[] = [
  [
    'core/cache',
    'db',
    'a cache can be in the database, and waits for its transactions; where there is none it is not loaded',
  ],
  ['core/management/commands/testserver', 'test/databases', 'the command serves a test database'],
  ['core/checks/database', 'db', 'checks look at what they check, when it is their turn'],
  ['core/checks/urls', 'urls', 'checks look at what they check, when it is their turn'],
  [
    'db/models/fields/base',
    'forms',
    "as in Django, a model's field has its form field; who asks for it loads forms",
  ],
  ['http/request', 'urls/resolvers', 'a request knows the match of its URL (a type)'],
  ['template/backends/utils', 'middleware/csrf', "a template's token is the middleware's"],
  ['template/context_processors', 'middleware', 'a context processor says what a middleware knows'],
  [
    'templatetags/static',
    'contrib/staticfiles/storage',
    'as in Django, `{% static %}` asks the storage where that app is installed',
  ],
  ['utils/cache', 'core/cache', "Django's place for the keys of cached pages"],
  ['utils/cache', 'http', "Django's place for what steers caches: it takes responses (types)"],
  ['utils/conditional', 'http', 'conditional requests end in a response'],
  ['utils/logging/admin_email', 'core/mail', "Django's place for the handler that mails errors to ADMINS"],
  ['utils/logging/admin_email', 'http', 'the handler reports what request failed (a type)'],
  ['utils/logging/admin_email', 'views/debug', 'the handler mails the report of that module'],
  ['utils/decorators', 'http', 'a decorator of views takes requests (types)'],
  ['utils/deprecation', 'http', 'MiddlewareMixin takes requests (types)'],
];

/** Modules that know each other, and why. A prefix stands for what is below it. */
const CIRCLES: readonly { readonly members: readonly string[]; readonly reason: string }[] = [
  {
    members: ['conf/accepted_settings', 'conf/global_settings'],
    reason: 'the one names defaults of the other, which has its type',
  },
  {
    members: [
      'contrib/sessions/backends/base',
      'contrib/sessions/store/create',
      'contrib/sessions/store/proxy',
      'contrib/sessions/store/types',
    ],
    reason: 'a session is made of parts that take a session (a type)',
  },
  {
    members: ['contrib/sessions/backends/db', 'contrib/sessions/base_session', 'contrib/sessions/models'],
    reason: "as in Django: a store has its model, and the model's manager its store",
  },
  {
    members: ['contrib/admin'],
    reason:
      'an admin, its site, its lists and forms take each other (types), and load their pages when they are asked for',
  },
  {
    members: ['contrib/auth'],
    reason: 'users ask the backends what they may do; these are loaded by name, and take users (types)',
  },
  {
    members: ['contrib/flatpages/models', 'contrib/flatpages/views'],
    reason: 'as in Django: a page says at which address its view shows it, and the view shows pages',
  },
  {
    members: ['core/cache/backends/base', 'core/cache/get_or_set'],
    reason: 'a method in a file of its own takes its object (a type)',
  },
  {
    members: ['core/files/uploadhandler', 'http/multipartparser', 'http/request', 'http/upload', 'urls'],
    reason: 'a request has upload handlers and the match of its URL; these take a request (types)',
  },
  {
    members: ['core/mail'],
    reason: 'a message is sent by a connection, which is given messages (types, but for the default one)',
  },
  {
    members: ['core/management/base', 'core/management/check_report'],
    reason: "a command reports its checks by the command's output (a type)",
  },
  {
    members: ['db', 'forms'],
    reason:
      'a connection has its operations, editor and introspection, which have their connection; a model its manager; a field ' +
      'its form field; a form has fields, these widgets, which are rendered by what knows forms',
  },
  {
    members: ['template'],
    reason:
      'tags are compiled by a parser that knows the engine, which knows the tags: as in Django, whose Node does too',
  },
  {
    members: ['test/client', 'test/redirects'],
    reason: 'a method in a file of its own takes its object (a type)',
  },
];

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory()) return name.endsWith('_template') ? [] : files(file);
    return file.endsWith('.ts') ? [file] : [];
  });
}

const ALL = files(FRAMEWORK);
const KNOWN = new Set(ALL);
const nameOf = (file: string): string => path.relative(FRAMEWORK, file).replace(/\.ts$/, '');
const isBelow = (name: string, prefix: string): boolean => name === prefix || name.startsWith(`${prefix}/`);

function layer(name: string): number {
  const matches = LAYERS.flatMap((prefixes, rank) =>
    prefixes.filter((prefix) => isBelow(name, prefix)).map((prefix) => ({ prefix, rank })),
  );
  const longest = matches.sort((a, b) => b.prefix.length - a.prefix.length)[0];
  if (!longest) throw new Error(`${name} has no layer`);
  return longest.rank;
}

type Kind = 'value' | 'lazy' | 'type';

interface Import {
  from: string;
  to: string;
  kind: Kind;
}

function resolved(file: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = path.resolve(path.dirname(file), specifier);
  return [`${target}.ts`, path.join(target, 'index.ts')].find((candidate) => KNOWN.has(candidate));
}

function importsNothingButTypes(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) {
    if (node.isTypeOnly) return true;
    const { exportClause } = node;
    return (
      exportClause !== undefined &&
      ts.isNamedExports(exportClause) &&
      exportClause.elements.every((element) => element.isTypeOnly)
    );
  }
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const { namedBindings } = clause;
  return (
    clause.name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

/** Everything that a module knows of: what it imports, what its functions load, what it needs for a type. */
function imports(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, kind: Kind): void => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const target = resolved(file, specifier.text);
    if (target !== undefined && target !== file) found.push({ from: nameOf(file), to: nameOf(target), kind });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, importsNothingButTypes(node) ? 'type' : 'value');
    } else if (ts.isImportTypeNode(node)) {
      if (ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, 'type');
    } else if (ts.isCallExpression(node)) {
      const callee = node.expression;
      const loads =
        (ts.isIdentifier(callee) && callee.text === 'require') || callee.kind === ts.SyntaxKind.ImportKeyword;
      if (loads) add(node.arguments[0], 'lazy');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const IMPORTS = ALL.flatMap(imports);
const show = ({ from, to, kind }: Import): string => `${from} → ${to} (${kind})`;

/** The strongly connected components of more than one module (Tarjan's). */
function circles(): string[][] {
  const next = new Map<string, Set<string>>();
  for (const { from, to } of IMPORTS) next.set(from, (next.get(from) ?? new Set()).add(to));
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const open = new Set<string>();
  const result: string[][] = [];
  const visit = (name: string): number => {
    const own = index.size;
    index.set(name, own);
    stack.push(name);
    open.add(name);
    let lowest = own;
    for (const to of next.get(name) ?? []) {
      if (!index.has(to)) lowest = Math.min(lowest, visit(to));
      else if (open.has(to)) lowest = Math.min(lowest, index.get(to) ?? own);
    }
    low.set(name, lowest);
    if (lowest === own) {
      const component = stack.splice(stack.indexOf(name));
      for (const each of component) open.delete(each);
      if (component.length > 1) result.push(component.sort());
    }
    return lowest;
  };
  for (const file of ALL) if (!index.has(nameOf(file))) visit(nameOf(file));
  return result;
}

it('sees the imports', () => {
  for (const kind of ['value', 'lazy', 'type'] as const) {
    expect(IMPORTS.filter((each) => each.kind === kind).length).toBeGreaterThan(50);
  }
});

it('a module loads with it only what stands lower', () => {
  const upwards = IMPORTS.filter(({ from, to, kind }) => kind === 'value' && layer(to) > layer(from));
  expect(upwards.map(show)).toEqual([]);
});

it('looks upwards, for a type or when it is needed, only where that is listed', () => {
  const upwards = IMPORTS.filter(({ from, to }) => layer(to) > layer(from));
  const listed = ({ from, to }: Import) => UPWARDS.filter(([a, b]) => isBelow(from, a) && isBelow(to, b));
  expect(upwards.filter((each) => listed(each).length === 0).map(show)).toEqual([]);
  const used = new Set(upwards.flatMap(listed));
  expect(UPWARDS.filter((entry) => !used.has(entry))).toEqual([]);
});

it("what is Python's knows nothing of the framework", () => {
  const others = IMPORTS.filter(({ from, to }) => isBelow(from, 'python') && !isBelow(to, 'python'));
  expect(others.map(show)).toEqual([]);
});

it('nothing but contrib, what ships for tests, and the file on top knows contrib', () => {
  const onContrib = IMPORTS.filter(
    ({ from, to }) =>
      isBelow(to, 'contrib') && !['contrib', 'test', 'request_attributes'].some((top) => isBelow(from, top)),
  );
  const listed = new Set(UPWARDS.filter(([, to]) => isBelow(to, 'contrib')).map(([from]) => from));
  expect(onContrib.filter(({ from }) => !listed.has(from)).map(show)).toEqual([]);
});

it('goes in circles only where that is listed', () => {
  const found = circles();
  const listed = (circle: readonly string[]) =>
    CIRCLES.filter(({ members }) => circle.every((name) => members.some((member) => isBelow(name, member))));
  expect(found.filter((circle) => listed(circle).length === 0)).toEqual([]);
  const used = new Set(found.flatMap(listed));
  expect(CIRCLES.filter((entry) => !used.has(entry))).toEqual([]);
});
