/** Sends by SMTP, with the package nodemailer. Django: `django.core.mail.backends.smtp`. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { settings } from '../../../conf';
import { ValueError } from '../../../python/errors';
import { optionalRequire } from '../../../utils/optional';
import { envelopeAddress } from '../addresses';
import type { EmailMessage } from '../message';
import { DNS_NAME } from '../utils';
import { BaseEmailBackend, type EmailBackendOptions } from './base';

/** What the server and the way to it are; each default is the setting `EMAIL_…`. */
export interface SmtpOptions extends EmailBackendOptions {
  host?: string | undefined;
  port?: number | undefined;
  useTls?: boolean | undefined;
  useSsl?: boolean | undefined;
  /** Seconds. */
  timeout?: number | undefined;
  sslKeyfile?: string | undefined;
  sslCertfile?: string | undefined;
}

/** So long is a server waited for that is left: milliseconds. */
const GOODBYE = 5000;

type Done = (error?: Error | null) => void;

/** Runs what calls back. */
function called(run: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    run((error) => (error ? reject(error) : resolve()));
  });
}

/** Sends messages by a mail server. Messages that are sent at once share a connection, which `open` keeps for longer. */
export class EmailBackend extends BaseEmailBackend {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly useTls: boolean;
  readonly useSsl: boolean;
  readonly timeout: number | null;
  private readonly sslKeyfile: string | null;
  private readonly sslCertfile: string | null;
  private connection: SMTPConnection | undefined;
  /** What runs; messages of several callers go one after the other. */
  private turn: Promise<unknown> = Promise.resolve();

  /** @throws ValueError for both ways of TLS at once. */
  constructor(options: SmtpOptions = {}) {
    super(options);
    this.host = options.host || settings.EMAIL_HOST;
    this.port = options.port || settings.EMAIL_PORT;
    this.username = options.username ?? settings.EMAIL_HOST_USER;
    this.password = options.password ?? settings.EMAIL_HOST_PASSWORD;
    this.useTls = options.useTls ?? settings.EMAIL_USE_TLS;
    this.useSsl = options.useSsl ?? settings.EMAIL_USE_SSL;
    this.timeout = options.timeout ?? settings.EMAIL_TIMEOUT;
    this.sslKeyfile = options.sslKeyfile ?? settings.EMAIL_SSL_KEYFILE;
    this.sslCertfile = options.sslCertfile ?? settings.EMAIL_SSL_CERTFILE;
    if (this.useSsl && this.useTls) {
      throw new ValueError(
        'EMAIL_USE_TLS/EMAIL_USE_SSL are mutually exclusive, so only set one of those settings to True.',
      );
    }
  }

  private newConnection(): SMTPConnection {
    const Connection = optionalRequire<typeof SMTPConnection & { default?: typeof SMTPConnection }>(
      'nodemailer',
      "EMAIL_BACKEND 'smtp'",
      { modules: ['nodemailer/lib/smtp-connection'] },
    );
    const time = this.timeout === null ? undefined : this.timeout * 1000;
    const isSecure = this.useSsl || this.useTls;
    return new (Connection.default ?? Connection)({
      host: this.host,
      port: this.port,
      name: DNS_NAME.getFqdn(),
      secure: this.useSsl,
      requireTLS: this.useTls,
      // As Django: nothing is encrypted that nobody asked to be.
      ignoreTLS: !isSecure,
      ...(time !== undefined && { connectionTimeout: time, greetingTimeout: time, socketTimeout: time }),
      tls: {
        ...(isIP(this.host) === 0 && { servername: this.host }),
        ...(this.sslCertfile && { cert: readFileSync(this.sslCertfile) }),
        ...(this.sslKeyfile && { key: readFileSync(this.sslKeyfile) }),
      },
    });
  }

  /** Connects, unless it is connected, and logs in where there are a user and a password. */
  override async open(): Promise<boolean | undefined> {
    if (this.connection !== undefined) return false;
    const connection = this.newConnection();
    // A connection that breaks while nobody uses it is opened anew.
    connection.on('error', () => this.forget(connection));
    connection.on('end', () => this.forget(connection));
    try {
      await new Promise<void>((resolve, reject) => {
        connection.once('error', reject);
        connection.connect((error) => (error ? reject(error) : resolve()));
      });
      if (this.username && this.password) {
        const credentials = { user: this.username, pass: this.password };
        await called((done) => connection.login({ credentials }, done));
      }
    } catch (error) {
      connection.close();
      if (this.failSilently) return undefined;
      throw error;
    }
    this.connection = connection;
    return true;
  }

  private forget(connection: SMTPConnection): void {
    if (this.connection === connection) this.connection = undefined;
  }

  override async close(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    if (connection === undefined) return;
    const ended = new Promise<void>((resolve) => connection.once('end', () => resolve()));
    connection.quit();
    // A server that does not say goodbye is left without.
    const timer = setTimeout(() => connection.close(), GOODBYE);
    await ended;
    clearTimeout(timer);
  }

  override sendMessages(messages: readonly EmailMessage[]): Promise<number> {
    const sent = this.turn.then(() => this.sendAll(messages));
    this.turn = sent.catch(() => undefined);
    return sent;
  }

  private async sendAll(messages: readonly EmailMessage[]): Promise<number> {
    if (messages.length === 0) return 0;
    const isNew = await this.open();
    if (this.connection === undefined) return 0;
    let count = 0;
    try {
      for (const message of messages) if (await this.send(message)) count++;
    } finally {
      if (isNew === true) await this.close();
    }
    return count;
  }

  private async send(message: EmailMessage): Promise<boolean> {
    const recipients = message.recipients();
    const { connection } = this;
    if (recipients.length === 0 || connection === undefined) return false;
    const envelope = { from: envelopeAddress(message.fromEmail), to: recipients.map(envelopeAddress) };
    const bytes = message.message().asBytes('\r\n');
    try {
      await called((done) => connection.send(envelope, bytes, done));
    } catch (error) {
      if (!this.failSilently) throw error;
      return false;
    }
    return true;
  }
}
