/** Messages, written beside a real Django: to the byte. */
import '../../db/settings';
import fc from 'fast-check';
import { EmailMultiAlternatives } from 'tsango/core/mail';
import { python } from '../../support/python';
import { describeWith } from '../../support/services';

interface Spec {
  readonly subject: string;
  readonly body: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly reply_to?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly html?: string;
  readonly subtype?: string;
  /** Names, contents (bytes in hexadecimal) and types. */
  readonly files?: readonly (readonly [name: string | null, content: string, type: string | null])[];
}

const DJANGO = `
import re
from django.conf import settings
settings.configure(DEFAULT_CHARSET='utf-8', USE_TZ=True)
from django.core.mail import EmailMultiAlternatives
result = []
for spec in data:
    headers = {'Date': 'Fri, 27 Nov 2026 10:00:00 -0000', 'Message-ID': '<1@example.com>', **spec.get('headers', {})}
    m = EmailMultiAlternatives(spec['subject'], spec['body'], spec['from'], spec['to'], cc=spec.get('cc'), reply_to=spec.get('reply_to'), headers=headers)
    if spec.get('subtype'): m.content_subtype = spec['subtype']
    if spec.get('html'): m.attach_alternative(spec['html'], 'text/html')
    try:
        for name, content, type in spec.get('files', []): m.attach(name, bytes.fromhex(content), type)
        result.append(m.message().as_bytes().decode())
    except Exception as error:
        result.append(type_name(error) if False else error.__class__.__name__ + ': ' + str(error))
`;

function ours({
  subject,
  body,
  from,
  to,
  cc,
  reply_to: replyTo,
  headers,
  html,
  subtype,
  files = [],
}: Spec): string {
  const message = new EmailMultiAlternatives(subject, body, from, to, {
    cc,
    replyTo,
    headers: { Date: 'Fri, 27 Nov 2026 10:00:00 -0000', 'Message-ID': '<1@example.com>', ...headers },
  });
  if (subtype !== undefined) message.contentSubtype = subtype;
  if (html) message.attachAlternative(html, 'text/html');
  try {
    for (const [name, content, type] of files) message.attach(name, Buffer.from(content, 'hex'), type);
    return message.message().asString();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

/** Boundaries differ by chance. */
function plain(text: string): string {
  const names = new Map<string, string>();
  return text.replace(/={15}\d{19}==/g, (boundary) => {
    if (!names.has(boundary)) names.set(boundary, `boundary ${names.size}`);
    return names.get(boundary) as string;
  });
}

const hex = (text: string): string => Buffer.from(text).toString('hex');
const base: Spec = { subject: 'Hello', body: 'Body\n', from: 'from@example.com', to: ['to@example.com'] };

const SPECS: Spec[] = [
  base,
  { ...base, subject: 'Grüße aus Köln 🐍', body: 'Zoë\n' },
  { ...base, subject: `long ${'word '.repeat(40)}` },
  { ...base, subject: `länger ${'wörter '.repeat(40)}` },
  { ...base, subject: 'x'.repeat(200) },
  { ...base, subject: 'é'.repeat(200) },
  { ...base, body: `${'y'.repeat(1200)}\nshort = é\n trailing \n` },
  { ...base, body: `${'é'.repeat(600)}\r\nend` },
  { ...base, body: 'From here\n.\n..\n' },
  {
    ...base,
    to: Array.from({ length: 12 }, (_, at) => `person${at}@example.com`),
    cc: ['A B <ab@example.com>', '"C, D" <cd@example.com>'],
  },
  { ...base, from: 'Ädä <ada@exämple.com>', to: ['Jürgen Müller <jm@example.com>', 'plain@example.com'] },
  {
    ...base,
    reply_to: ['Ω <o@example.com>'],
    headers: { 'X-Long': 'a; '.repeat(60), 'List-Unsubscribe': '<https://example.com/?a=1>' },
  },
  { ...base, headers: { From: 'Other <other@example.com>' } },
  { ...base, html: '<p>é</p>' },
  { ...base, body: '', html: '<p>only</p>' },
  { ...base, subtype: 'html', body: '<b>x</b>' },
  {
    ...base,
    files: [
      ['a.txt', hex('Text é\n'), null],
      ['b.bin', '00ff10'.repeat(60), null],
      [null, hex('x'), 'text/plain'],
    ],
  },
  {
    ...base,
    html: '<p/>',
    files: [
      ['Ünï “q”.pdf', '25504446', 'application/pdf'],
      ['a "b" \\ c.png', '89', null],
    ],
  },
  { ...base, body: '', files: [['bad.txt', 'fffe00', null]] },
  { ...base, subject: 'a\nBcc: evil@example.com' },
  { ...base, to: ['a@example.com\r\nBcc: evil@example.com'] },
  { ...base, from: 'x\ny@example.com' },
  { ...base, headers: { 'X-A': 'b\nX-C: d' } },
];

const word = fc.constantFrom(
  'word',
  'a',
  'Grüße',
  '🐍',
  ';',
  'x,',
  '漢字漢字漢字',
  'long-word-that-is-long',
  ' ',
  '  ',
  '=?',
  '_',
  '"q"',
  'é'.repeat(30),
);
const line = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '));
const random = fc.record({
  subject: line,
  body: fc
    .array(fc.oneof(line, fc.constant('='.repeat(1100)), fc.constant(`é${' '.repeat(1000)}`)), {
      maxLength: 4,
    })
    .map((lines) => lines.join('\n')),
  from: fc.constant('from@example.com'),
  to: fc.array(
    fc.constantFrom('a@example.com', 'Ada L <ada@example.com>', '"x" <x@example.com>', 'Zoë <z@example.com>'),
    { minLength: 1, maxLength: 8 },
  ),
  headers: fc.record({ 'X-Other': line }),
});

describeWith('django', 'messages', () => {
  it('are Django’s to the byte', () => {
    const specs = [...SPECS, ...(fc.sample(random, { numRuns: 400, seed: 7 }) as Spec[])];
    const theirs = python<string[]>(DJANGO, specs);
    const differ = specs.flatMap((spec, at) =>
      plain(ours(spec)) === plain(theirs[at] as string)
        ? []
        : [{ spec, ours: plain(ours(spec)), theirs: plain(theirs[at] as string) }],
    );
    if (process.env['REASONS'])
      for (const each of differ.slice(0, 6))
        process.stdout.write(
          `${JSON.stringify(each.spec)}\n--- theirs\n${each.theirs}\n--- ours\n${each.ours}\n\n`,
        );
    expect(differ.length).toBe(0);
  });
});
