/** Sending mail. Django: `django.core.mail`; https://docs.djangoproject.com/en/5.2/topics/email/ */
import { settings } from '../../conf';
import { ImproperlyConfigured } from '../exceptions';
import type { BaseEmailBackend } from './backends/base';
import { getConnection } from './connection';
import { EmailMessage, EmailMultiAlternatives } from './message';

export { BaseEmailBackend, type EmailBackendOptions } from './backends/base';
export { type EmailBackendClass, getConnection } from './connection';
export {
  type AttachmentContent,
  DEFAULT_ATTACHMENT_MIME_TYPE,
  type EmailAlternative,
  type EmailAttachment,
  EmailMessage,
  type EmailMessageOptions,
  EmailMultiAlternatives,
} from './message';
export { BadHeaderError, forbidMultiLineHeaders, MimePart } from './mime';
export { outbox } from './outbox';
export { DNS_NAME, makeMsgid } from './utils';

/** How a message is sent. */
export interface SendOptions {
  /** What goes wrong on the way is no error. */
  failSilently?: boolean;
  /** What it is sent by; default: EMAIL_BACKEND's. */
  connection?: BaseEmailBackend | undefined;
}

/** Who logs in at the mail server. */
export interface Credentials {
  /** Default: EMAIL_HOST_USER. */
  authUser?: string | undefined;
  /** Default: EMAIL_HOST_PASSWORD. */
  authPassword?: string | undefined;
}

function connectionOf({
  connection,
  failSilently = false,
  authUser,
  authPassword,
}: SendOptions & Credentials): BaseEmailBackend {
  return connection ?? getConnection(null, { username: authUser, password: authPassword, failSilently });
}

/**
 * Sends a message. Everybody among its recipients sees the others.
 *
 * @param fromEmail null: DEFAULT_FROM_EMAIL.
 * @returns how many messages were sent: 1, or 0 where there was nobody to send to.
 * @throws BadHeaderError for a subject or an address with a line end in it.
 *
 * @example
 * ```ts
 * await sendMail('Welcome', 'Here you are.', null, [user.email], { htmlMessage: '<p>Here you are.</p>' });
 * ```
 */
export function sendMail(
  subject: string,
  message: string,
  fromEmail: string | null,
  recipientList: readonly string[],
  options: SendOptions & Credentials & { htmlMessage?: string | undefined } = {},
): Promise<number> {
  const mail = new EmailMultiAlternatives(subject, message, fromEmail, recipientList, {
    connection: connectionOf(options),
  });
  if (options.htmlMessage) mail.attachAlternative(options.htmlMessage, 'text/html');
  return mail.send();
}

/** A message of `sendMassMail`. */
export type MassMail = readonly [
  subject: string,
  message: string,
  fromEmail: string | null,
  recipientList: readonly string[],
];

/** Sends messages by one connection. @returns how many were sent. */
export async function sendMassMail(
  messages: readonly MassMail[],
  options: SendOptions & Credentials = {},
): Promise<number> {
  const connection = connectionOf(options);
  const all = messages.map(
    ([subject, message, sender, recipients]) =>
      new EmailMessage(subject, message, sender, recipients, { connection }),
  );
  return (await connection.sendMessages(all)) ?? 0;
}

/** People as ADMINS and MANAGERS name them: `['Ada', 'ada@example.com']`, or the address alone. */
type People = readonly (readonly [string, string] | string)[];

async function mailPeople(
  setting: 'ADMINS' | 'MANAGERS',
  subject: string,
  message: string,
  { failSilently = false, connection, htmlMessage }: SendOptions & { htmlMessage?: string | undefined },
): Promise<void> {
  const people = settings[setting] as People;
  if (people.length === 0) return;
  const addresses = people.map((each) => (typeof each === 'string' ? each : each[1]));
  if (addresses.some((address) => typeof address !== 'string')) {
    throw new ImproperlyConfigured(`The ${setting} setting must be a list of [name, address] pairs.`);
  }
  const mail = new EmailMultiAlternatives(
    `${settings.EMAIL_SUBJECT_PREFIX}${subject}`,
    message,
    settings.SERVER_EMAIL,
    addresses,
    { connection },
  );
  if (htmlMessage) mail.attachAlternative(htmlMessage, 'text/html');
  await mail.send({ failSilently });
}

/** Sends a message to ADMINS, from SERVER_EMAIL; its subject begins with EMAIL_SUBJECT_PREFIX. */
export function mailAdmins(
  subject: string,
  message: string,
  options: SendOptions & { htmlMessage?: string | undefined } = {},
): Promise<void> {
  return mailPeople('ADMINS', subject, message, options);
}

/** Sends a message to MANAGERS, as {@link mailAdmins} does to ADMINS. */
export function mailManagers(
  subject: string,
  message: string,
  options: SendOptions & { htmlMessage?: string | undefined } = {},
): Promise<void> {
  return mailPeople('MANAGERS', subject, message, options);
}
