/** Sixty models in a graph with circles, in modules that import each other, with so many queries each. */

const MODELS = 60;
const FOREIGN_KEYS = 4;
const VALUES: readonly (readonly [type: string, decorator: string])[] = [
  ['string', 'CharField({ maxLength: 9 })'],
  ['number', 'IntegerField()'],
  ['Date', 'DateTimeField()'],
  ['boolean', 'BooleanField()'],
  ['string | null', 'CharField({ maxLength: 9, null: true })'],
  ['unknown', 'JSONField()'],
];

const targetOf = (model: number, key: number): number => (model * 7 + key * key * 3 + key + 1) % MODELS;

/** Who refers to a model, and by which key. */
function referring(model: number): [from: number, key: number][] {
  const found: [number, number][] = [];
  for (let from = 0; from < MODELS; from++) {
    for (let key = 0; key < FOREIGN_KEYS; key++) if (targetOf(from, key) === model) found.push([from, key]);
  }
  return found;
}

/** One of ten kinds of query. */
function query(model: number, at: number, back: string | undefined): string {
  const all = `M${model}.objects`;
  switch (at % 10) {
    case 0:
      return `${all}.filter({ f0: 'a', f1__gt: ${at}, k0__f0__startswith: 'x' });`;
    case 1:
      return `${all}.filter({ k${at % 4}__k1__f1__gte: ${at}, f2__year: 2024 }).exclude({ f3: true }).orderBy('-f2', 'k1__f0');`;
    case 2:
      return `const v${at} = await ${all}.values('id', 'k0__f0', 'k1__f4'); const s${at}: string | null | undefined = v${at}[0]?.k0__f0; void s${at};`;
    case 3:
      return `const a${at} = await ${all}.annotate({ n: Count('k0'), m: Max('f1') }).filter({ n__gt: 1 }).orderBy('-n'); const n${at}: number | undefined = a${at}[0]?.n; void n${at};`;
    case 4:
      return `for await (const r of ${all}.selectRelated('k0', 'k1__k2').filter({ k0: 5 })) { const t: string = r.k0.f0; void t; }`;
    case 5:
      return `await ${all}.filter({ f1__in: [1, 2], f4__isnull: true }).update({ f1: ${at} });`;
    case 6:
      return `const o${at} = await ${all}.get({ id: ${at} }); void o${at}.label();`;
    case 7:
      return back === undefined
        ? `${all}.filter({ f0: 'x' });`
        : `${all}.filter({ ${back}__f0: 'x', ${back}__k0__f1__lt: 3 }).distinct();`;
    case 8:
      return `const c${at} = await ${all}.filter({ f0__icontains: 'x', f1: F('id') }).count(); void c${at};`;
    default:
      return `const l${at}: string[] = await ${all}.exclude({ k3__f3: true }).flat('f0'); void l${at};`;
  }
}

function module(model: number, queries: number): string {
  const back = referring(model);
  const others = new Set([...back.map(([from]) => from), ...[0, 1, 2, 3].map((key) => targetOf(model, key))]);
  others.delete(model);
  const lines = [
    "import * as models from 'tsango/db/models';",
    'const { Count, F, Max } = models;',
    ...[...others].map((other) => `import { M${other} } from './m${other}';`),
    `export class M${model} extends models.Model {`,
    `declare static readonly objects: models.Manager<M${model}>;`,
    'declare id: number;',
  ];
  for (let at = 0; at < 10; at++) {
    const [type, decorator] = VALUES[at % VALUES.length] as readonly [string, string];
    lines.push(`@models.${decorator} declare f${at}: ${type};`);
  }
  for (let key = 0; key < FOREIGN_KEYS; key++) {
    const type = `models.${key % 2 === 0 ? 'Related' : 'RelatedOrNull'}<M${targetOf(model, key)}>`;
    const to = `() => M${targetOf(model, key)}`;
    lines.push(
      `@models.ForeignKey(${to}, { onDelete: 'CASCADE', relatedName: 'r${model}_${key}' }) declare k${key}: ${type};`,
      `declare k${key}Id: number;`,
    );
  }
  for (const [from, key] of back) {
    lines.push(`declare readonly r${from}_${key}: models.RelatedManager<M${from}>;`);
  }
  lines.push('label(): string { return this.f0; }', '}');
  const [first] = back;
  const name = first === undefined ? undefined : `r${first[0]}_${first[1]}`;
  lines.push(`export async function queries${model}(): Promise<void> {`);
  for (let at = 0; at < queries; at++) lines.push(query(model, at, name));
  lines.push('}');
  return lines.join('\n');
}

/** The modules by name: `m0` and so on. */
export function sixtyModels(queries: number): ReadonlyMap<string, string> {
  return new Map(Array.from({ length: MODELS }, (_, model) => [`m${model}`, module(model, queries)]));
}

/** A form for each of the sixty models, whose values are read. */
export function sixtyForms(): Map<string, string> {
  return new Map(
    Array.from({ length: MODELS }, (_each, model) => [
      `forms${model}`,
      [
        "import * as forms from 'tsango/forms';",
        `import { M${model} } from './m${model}';`,
        `import type { M${targetOf(model, 0)} as Target } from './m${targetOf(model, 0)}';`,
        `class Form extends forms.modelForm(M${model}, { fields: ['f0', 'f1', 'f2', 'f3', 'f4', 'k0', 'k1'], labels: { f0: 'x' } }, { more: new forms.IntegerField() }) {`,
        'cleanF0(value: string): string { return value + this.cleanedData.more.toFixed(); } }',
        'export async function use(form: Form): Promise<void> {',
        'const { f0, f2, f4, k0 } = form.cleanedData;',
        'const [text, date, none, target]: [string, Date, string | null, Target] = [f0, f2, f4, k0];',
        `const saved: M${model} = await form.save(); void [text, date, none, target, saved, form.f1.label]; }`,
      ].join('\n'),
    ]),
  );
}
