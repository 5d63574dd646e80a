/** Messages. Django: `django.core.mail.message`; https://docs.djangoproject.com/en/5.2/topics/email/#the-emailmessage-class */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { settings } from '../../conf';
import { ValueError } from '../../python/errors';
import { guessType } from '../../python/mimetypes';
import type { Text } from '../../utils/functional';
import type { BaseEmailBackend } from './backends/base';
import { MimePart } from './mime';
import { formatDate, makeMsgid } from './utils';

/** What an attachment is taken for where nothing says what it is. */
export const DEFAULT_ATTACHMENT_MIME_TYPE = 'application/octet-stream';

/** What an attachment holds: text, bytes, or another message. */
export type AttachmentContent = string | Uint8Array | EmailMessage;

/** A file in a message. */
export interface EmailAttachment {
  readonly filename: string | null;
  readonly content: AttachmentContent;
  readonly mimetype: string;
}

/** The same text in another form. */
export interface EmailAlternative {
  readonly content: string;
  readonly mimetype: string;
}

/** What a message may have besides. */
export interface EmailMessageOptions {
  bcc?: readonly string[] | undefined;
  cc?: readonly string[] | undefined;
  replyTo?: readonly string[] | undefined;
  /** What it is sent by; default: EMAIL_BACKEND's. */
  connection?: BaseEmailBackend | undefined;
  attachments?:
    | readonly (
        | EmailAttachment
        | MimePart
        | readonly [filename: string | null, content: AttachmentContent, mimetype?: string]
      )[]
    | undefined;
  /** Headers besides: `{ 'List-Unsubscribe': '<https://…>' }`. */
  headers?: Readonly<Record<string, string>> | undefined;
}

function listOf(name: string, value: readonly string[] | undefined | null): string[] {
  if (typeof value === 'string') throw new TypeError(`"${name}" argument must be a list`);
  return [...(value ?? [])];
}

/**
 * A message, to any number of people.
 *
 * @example
 * ```ts
 * const message = new EmailMessage('Hello', 'Body', 'from@example.com', ['to@example.com'], { replyTo: ['me@example.com'] });
 * message.attach('notes.txt', 'Text');
 * await message.send();
 * ```
 */
export class EmailMessage {
  /** `'html'`: the body is HTML. */
  contentSubtype = 'plain';
  mixedSubtype = 'mixed';
  fromEmail: string;
  to: string[];
  cc: string[];
  bcc: string[];
  replyTo: string[];
  attachments: (EmailAttachment | MimePart)[] = [];
  extraHeaders: Readonly<Record<string, string>>;
  connection: BaseEmailBackend | undefined;

  /**
   * @param fromEmail default: DEFAULT_FROM_EMAIL.
   * @throws TypeError where people are no list.
   */
  constructor(
    public subject: Text = '',
    public body: string = '',
    fromEmail: string | null = null,
    to: readonly string[] | null = null,
    options: EmailMessageOptions = {},
  ) {
    this.to = listOf('to', to);
    this.cc = listOf('cc', options.cc);
    this.bcc = listOf('bcc', options.bcc);
    this.replyTo = listOf('replyTo', options.replyTo);
    this.fromEmail = fromEmail || settings.DEFAULT_FROM_EMAIL;
    this.extraHeaders = options.headers ?? {};
    this.connection = options.connection;
    for (const each of options.attachments ?? []) {
      if (each instanceof MimePart) this.attach(each);
      else if (Array.isArray(each)) this.attach(...(each as [string, AttachmentContent, string?]));
      else {
        const { filename, content, mimetype } = each as EmailAttachment;
        this.attach(filename, content, mimetype);
      }
    }
  }

  /** What the message is sent by. */
  getConnection(failSilently = false): BaseEmailBackend {
    const { getConnection } = require('./connection') as typeof import('./connection');
    this.connection ??= getConnection(null, { failSilently });
    return this.connection;
  }

  /** Everybody who gets the message. */
  recipients(): string[] {
    return [...this.to, ...this.cc, ...this.bcc].filter((address) => address !== '');
  }

  /**
   * Sends the message.
   *
   * @param options.failSilently what goes wrong on the way is no error.
   * @returns how many messages were sent: 1, or 0.
   */
  async send({ failSilently = false }: { failSilently?: boolean } = {}): Promise<number> {
    if (this.recipients().length === 0) return 0;
    return (await this.getConnection(failSilently).sendMessages([this])) ?? 0;
  }

  /**
   * Adds a file. Text in bytes is decoded as UTF-8; what is none is taken for {@link DEFAULT_ATTACHMENT_MIME_TYPE}.
   *
   * @param mimetype default: guessed by the name.
   */
  attach(part: MimePart): void;
  attach(filename: string | null, content: AttachmentContent, mimetype?: string | null): void;
  attach(filename: string | MimePart | null, content?: AttachmentContent, mimetype?: string | null): void {
    if (filename instanceof MimePart) {
      if (content !== undefined || mimetype !== undefined) {
        throw new ValueError('content and mimetype must not be given when a MimePart is provided.');
      }
      this.attachments.push(filename);
      return;
    }
    if (content === undefined || content === null) throw new ValueError('content must be provided.');
    const type = mimetype || guessType(filename ?? '').type || DEFAULT_ATTACHMENT_MIME_TYPE;
    if (!/^[\w.+-]+\/[\w.+-]+(?:\s*;.*)?$/.test(type)) {
      throw new ValueError(`'${type}' is no type of an attachment; 'text/plain' is one.`);
    }
    if (type.startsWith('text/') && content instanceof Uint8Array) {
      const text = decoded(content);
      this.attachments.push({
        filename,
        content: text ?? content,
        mimetype: text === undefined ? DEFAULT_ATTACHMENT_MIME_TYPE : type,
      });
    } else this.attachments.push({ filename, content, mimetype: type });
  }

  /** Adds a file of this machine, by its name. */
  async attachFile(file: string, mimetype?: string | null): Promise<void> {
    this.attach(path.basename(file), await readFile(file), mimetype);
  }

  /** The message as it is sent. @throws BadHeaderError for a header of several lines, ValueError for no address. */
  message(): MimePart {
    const message = this.createMessage(MimePart.text(this.body, this.contentSubtype));
    const extra = new Map(Object.entries(this.extraHeaders));
    message.setHeader('Subject', this.subject);
    message.setHeader('From', extra.get('From') ?? this.fromEmail);
    for (const [name, values] of [
      ['To', this.to],
      ['Cc', this.cc],
      ['Reply-To', this.replyTo],
    ] as const) {
      const value = extra.get(name) ?? values.join(', ');
      if (value !== '' || extra.has(name)) message.setHeader(name, value);
    }
    const names = new Set([...extra.keys()].map((name) => name.toLowerCase()));
    if (!names.has('date')) message.setHeader('Date', formatDate());
    if (!names.has('message-id')) message.setHeader('Message-ID', makeMsgid());
    for (const [name, value] of extra) {
      if (!HANDLED.has(name.toLowerCase())) message.setHeader(name, value);
    }
    return message;
  }

  protected createMessage(body: MimePart): MimePart {
    return this.withAttachments(body);
  }

  protected withAttachments(body: MimePart): MimePart {
    if (this.attachments.length === 0) return body;
    const parts = this.attachments.map((each) => (each instanceof MimePart ? each : attachmentPart(each)));
    const hasBody = this.body !== '' || body.isMultipart;
    return MimePart.multipart(this.mixedSubtype, hasBody ? [body, ...parts] : parts);
  }
}

/** Headers that the message writes itself. */
const HANDLED: ReadonlySet<string> = new Set(['from', 'to', 'cc', 'reply-to']);

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const bytesOf = (content: AttachmentContent): Uint8Array =>
  content instanceof EmailMessage ? content.message().asBytes() : Buffer.from(content as string);

function partOf({ content, mimetype }: EmailAlternative | EmailAttachment): MimePart {
  if (mimetype.startsWith('text/') && typeof content === 'string') {
    return MimePart.text(content, mimetype.slice('text/'.length));
  }
  if (mimetype === 'message/rfc822') return MimePart.message(bytesOf(content));
  return MimePart.binary(bytesOf(content), mimetype);
}

function attachmentPart(attachment: EmailAttachment): MimePart {
  const part = partOf(attachment);
  if (attachment.filename) part.attachAs(attachment.filename);
  return part;
}

/** A message with its text in several forms: plain and HTML. */
export class EmailMultiAlternatives extends EmailMessage {
  alternativeSubtype = 'alternative';
  alternatives: EmailAlternative[];

  constructor(
    subject: Text = '',
    body = '',
    fromEmail: string | null = null,
    to: readonly string[] | null = null,
    {
      alternatives = [],
      ...options
    }: EmailMessageOptions & { alternatives?: readonly EmailAlternative[] } = {},
  ) {
    super(subject, body, fromEmail, to, options);
    this.alternatives = [...alternatives];
  }

  /** Adds the text in another form. */
  attachAlternative(content: string, mimetype: string): void {
    if (!content || !mimetype) throw new ValueError('Both content and mimetype must be provided.');
    this.alternatives.push({ content, mimetype });
  }

  /** Whether a text is in the body and in each of its forms that is text. */
  bodyContains(text: string): boolean {
    return (
      this.body.includes(text) &&
      this.alternatives.every(
        ({ content, mimetype }) => !mimetype.startsWith('text/') || content.includes(text),
      )
    );
  }

  protected override createMessage(body: MimePart): MimePart {
    if (this.alternatives.length === 0) return this.withAttachments(body);
    const parts = this.alternatives.map(partOf);
    return this.withAttachments(
      MimePart.multipart(this.alternativeSubtype, this.body === '' ? parts : [body, ...parts]),
    );
  }
}
