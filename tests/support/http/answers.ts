/** An answer beside the recorded one. */
import { isDeepStrictEqual } from 'node:util';

import type { Message } from 'tsango/contrib/messages/storage/base';
import type { EmailMessage, EmailMultiAlternatives } from 'tsango/core/mail';
import type { ClientResponse } from 'tsango/test';
import { compareContext } from './context';
import { bodies, type Json, same } from './facts';
import { httpMoment, type Markers } from './markers';
import { pageFacts } from './page_facts';

/** What came of a request. */
export interface Answer {
  readonly response: ClientResponse;
  /** The messages that it added. */
  readonly messages: readonly Message[];
  /** The mails that it sent. */
  readonly mail: readonly EmailMessage[];
}

const marked = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && '$now' in value ? httpMoment(Number(value.$now)) : value;

const unmarked = (html: string): string =>
  html
    .replace(/name="csrfmiddlewaretoken" value="\w+"/g, 'name="csrfmiddlewaretoken" value="{csrf}"')
    .replace(/\b[A-Za-z0-9]{64}\b/g, '{csrf}');

/** Headers that a recording has elsewhere, or that are ours alone. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  ...['content-type', 'location', 'set-cookie'],
  // Files are given in parts here, and say so.
  'accept-ranges',
]);
/** What a file that was not modified may say of itself once more. */
const OF_A_FILE: ReadonlySet<string> = new Set(['content-length', 'last-modified']);

function compareHeaders({ response }: Answer, wanted: Json): void {
  const sorted = (pairs: readonly (readonly [string, unknown])[]): unknown =>
    pairs.map(([name, value]) => [name.toLowerCase(), String(marked(value))]).sort();
  const theirs = (wanted['headers'] ?? {}) as Json;
  const isNotModified = response.statusCode === 304;
  const counts = (name: string): boolean =>
    !ELSEWHERE.has(name.toLowerCase()) && !(isNotModified && OF_A_FILE.has(name.toLowerCase()));
  // CommonMiddleware's length of a page is not recorded; a view's own is.
  const ours = [...response.headers].filter(
    ([name]) => counts(name) && (name !== 'Content-Length' || name in theirs),
  );
  same('headers', sorted(ours), sorted(Object.entries(theirs).filter(([name]) => counts(name))));
}

async function compareCookies({ response }: Answer, wanted: Json, markers: Markers): Promise<void> {
  const theirs = (wanted['cookies'] ?? {}) as Readonly<Record<string, Json>>;
  same('cookies', [...response.cookies.keys()].sort(), Object.keys(theirs).sort());
  for (const [name, { value, deleted: _deleted, ...attributes }] of Object.entries(theirs)) {
    const morsel = response.cookies.get(name);
    if (morsel === undefined) continue;
    const difference = await markers.difference(morsel.value, value);
    if (difference !== undefined) throw new Error(`cookie ${name}:${difference}`);
    const pairs = (all: Json): unknown =>
      Object.entries(all)
        .filter(([, each]) => each !== '' && each !== false)
        .map(([key, each]) => [key, String(marked(each))])
        .sort();
    same(`cookie ${name}`, pairs(morsel.attributes as Json), pairs(attributes));
  }
}

/**
 * Whether an answer is a page of Django's own: an error, a folder, the welcome. Its markup and its words are the
 * implementation's; title, main heading and links to the site are compared.
 */
function isBuiltIn(wanted: Json, own: object): boolean {
  const rendered = (wanted['templates'] ?? []) as string[];
  const html = bodies().get(String(wanted['html']))?.['html'];
  return !rendered.some((name) => name in own) && (html === undefined || String(html).includes('</html>'));
}

/** What must be the same in a page of Django's own. The order of a folder's files is the file system's. */
function builtInFacts({ title, headings, links = [] }: Json, isError: boolean): unknown {
  const own = (links as [string, ...unknown[]][]).filter(([href]) => !/^https?:/.test(href)).sort();
  const main = (headings as [string, string][] | undefined)?.filter(([tag]) => tag === 'h1');
  return isError ? { title } : { title, headings: main, links: own };
}

function compareBody({ response }: Answer, wanted: Json, own: object): void {
  if (wanted['hex'] !== undefined) same('body', response.content.toString('hex'), wanted['hex']);
  const body = bodies().get(String(wanted['html'] ?? wanted['text_ref'] ?? ''));
  const text = wanted['text'] ?? body?.['html'] ?? body?.['text'];
  const facts = body?.['facts'] as Json | undefined;
  const html = unmarked(response.text);
  if (isAdmins(wanted, own)) {
    if (facts !== undefined) compareAdminPages(pageFacts(html), facts);
  } else if (facts !== undefined && isBuiltIn(wanted, own)) {
    const isError = Number(wanted['status']) >= 400;
    same('page', builtInFacts(pageFacts(html), isError), builtInFacts(facts, isError));
  } else if (typeof text === 'string') same('body', html, unmarked(text));
  else if (facts !== undefined) compareFacts(pageFacts(html), facts);
}

/** Whether an answer is a page of the admin: its markup and its words around what is asked and shown are our own. */
function isAdmins(wanted: Json, own: object): boolean {
  const rendered = (wanted['templates'] ?? []) as string[];
  return (
    rendered.some((name) => /^admin\//.test(name) && !(name in own)) ||
    rendered.includes('admin/base_site.html')
  );
}

interface AdminForm {
  readonly action: string | null;
  readonly method: string;
  readonly controls: readonly Json[];
}

/** Of the controls those that Django has, too: what a page was made of is said by ours alone. */
const isDjangos = ({ name }: Json): boolean => name !== '_version';

/** Of the forms those that Django has, too: several filters at once are a form of ours. */
const isDjangosForm = ({ controls }: AdminForm): boolean =>
  !controls.some(({ name }) => name === '_conditions');

/** What pages of the admin must agree on: errors, messages, forms with every control, the rows of a list. */
function compareAdminPages(ours: Json, theirs: Json): void {
  for (const name of ['errors', 'messages']) same(`the page's ${name}`, ours[name] ?? [], theirs[name] ?? []);
  const forms = (facts: Json): unknown =>
    ((facts['forms'] ?? []) as AdminForm[]).filter(isDjangosForm).map(({ action, method, controls }) => ({
      action,
      method,
      controls: controls.filter(isDjangos).map(({ tag, type, name, value, checked, options }) => ({
        tag,
        ...(type !== undefined && { type }),
        ...(name !== undefined && { name }),
        ...(value !== undefined && { value }),
        ...(checked !== undefined && { checked }),
        ...(options !== undefined && { options }),
      })),
    }));
  const [mine, djangos] = [forms(ours) as AdminForm[], forms(theirs) as AdminForm[]];
  for (const [i, form] of djangos.entries()) {
    for (const [j, control] of form.controls.entries())
      same(`control ${j} of form ${i}`, mine[i]?.controls[j], control);
    same(`form ${i}`, mine[i], form);
  }
  same('forms', mine.length, djangos.length);
  const rows = (facts: Json): unknown =>
    ((facts['tables'] ?? []) as { id?: string; rows: { cells: string[][] }[] }[])
      .find(({ id }) => id === 'result_list')
      ?.rows.map(({ cells }) => cells.map(([, , text]) => text));
  same('result list', rows(ours), rows(theirs));
}

function compareFacts(ours: Json, theirs: Json): void {
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
    if (!isDeepStrictEqual(ours[name], theirs[name])) same(`the page's ${name}`, ours[name], theirs[name]);
  }
}

const messageFacts = ({ level, message, extraTags }: Message): unknown => [
  level,
  String(message),
  ...(extraTags ? [extraTags] : []),
];

function mailFacts(mail: EmailMessage): Json {
  const { alternatives = [] } = mail as Partial<EmailMultiAlternatives>;
  const { fromEmail, to, cc, bcc, replyTo, subject, body, attachments } = mail;
  const lists = {
    cc,
    bcc,
    reply_to: replyTo,
    attachments,
    alternatives: alternatives.map(({ content, mimetype }) => [content, mimetype]),
  };
  return {
    from: fromEmail,
    to,
    subject: String(subject),
    body: String(body),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => (list as unknown[]).length > 0)),
  };
}

/** The templates of the tests' own that were rendered, in the order of their first use. */
function compareTemplates({ response }: Answer, wanted: Json, own: object): void {
  const named = (names: readonly unknown[]): string[] =>
    [...new Set(names.map(String))].filter((name) => name in own);
  const ours = response.templates.map(({ name }) => name);
  same('templates', named(ours), named((wanted['templates'] ?? []) as string[]));
}

function compareMail({ mail }: Answer, wanted: readonly Json[]): void {
  const facts = mail.map((each, at) => {
    const { body, ...others } = mailFacts(each);
    const theirs = wanted[at]?.['body'];
    return { ...others, body: isReport(theirs) ? theirs : body };
  });
  const theirs = wanted.map(({ body, ...others }) => ({ ...others, body }));
  if (!isDeepStrictEqual(facts, theirs)) same('mail', facts, theirs);
}

/** A report on an error for developers: what it says is the implementation's. */
const isReport = (json: unknown): boolean =>
  typeof json === 'object' && json !== null && 'debug_report' in json;

const hasReport = (wanted: Json): boolean =>
  bodies().get(String(wanted['html']))?.['debug_page'] !== undefined ||
  ((wanted['mail'] ?? []) as Json[]).some(({ body }) => isReport(body));

/** What templates were given; what Django's own page of a 404 was, which is none of ours, is left out. */
function givenContext(wanted: Json): Json {
  const context = wanted['context'] as Json;
  if (((wanted['templates'] ?? []) as string[]).includes('404.html')) return context;
  const { request_path: _own, ...values } = (context['values'] ?? {}) as Json;
  return { ...context, values };
}

/** @throws Error where the answer is another than the recorded one. */
export async function compareAnswer(
  answer: Answer,
  wanted: Json,
  markers: Markers,
  own: object = {},
): Promise<void> {
  const { response } = answer;
  same('status', response.statusCode, wanted['status']);
  same('location', response.headers.get('location'), wanted['location']);
  same('content type', response.headers.get('content-type'), wanted['content_type']);
  await compareCookies(answer, wanted, markers);
  // What Django's reports for developers look at, and so vary by, is their own.
  if (!hasReport(wanted)) compareHeaders(answer, wanted);
  same('messages', answer.messages.map(messageFacts), wanted['messages'] ?? []);
  compareMail(answer, (wanted['mail'] ?? []) as Json[]);
  compareTemplates(answer, wanted, own);
  compareBody(answer, wanted, own);
  if (wanted['context'] !== undefined && !isBuiltIn(wanted, own))
    await compareContext(response.contexts, givenContext(wanted));
}
