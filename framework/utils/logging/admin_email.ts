/** Errors by mail. Django: `django.utils.log.AdminEmailHandler`; https://docs.djangoproject.com/en/5.2/ref/logging/#adminemailhandler */
import { isConfigured, settings } from '../../conf';
import type { SendOptions } from '../../core/mail';
import type { EmailBackendClass } from '../../core/mail/connection';
import type { HttpRequest } from '../../http/request';
import { Handler } from '../../python/logging/handlers';
import type { LogRecord } from '../../python/logging/record';
import type { ExceptionReporter } from '../../views/debug';
import { importSetting } from '../module_loading';

/** What LOGGING may say of it, by Django's names. */
export interface AdminEmailOptions {
  /** The debug page comes along. It may hold what nobody should mail: see docs/mail.md. */
  include_html?: boolean;
  /** What sends; default: EMAIL_BACKEND. */
  email_backend?: string | EmailBackendClass | null;
  /** What writes the report; default: DEFAULT_EXCEPTION_REPORTER. */
  reporter_class?: string | typeof ExceptionReporter | null;
}

/** Mails records to ADMINS, each with its traceback and what is known of its request. */
export class AdminEmailHandler extends Handler {
  constructor(private readonly options: AdminEmailOptions = {}) {
    super();
  }

  /** Sends a record. What goes wrong on the way is no error: the log is no place for one. */
  async emit(record: LogRecord): Promise<void> {
    const isOwn = this.sendMail !== AdminEmailHandler.prototype.sendMail;
    if (!isConfigured() || (settings.ADMINS.length === 0 && !isOwn)) return;
    const request = (record.extra.request ?? null) as HttpRequest | null;
    const { error, ...extra } = record.extra;
    const Reporter = importSetting<typeof ExceptionReporter>(
      (this.options.reporter_class ?? settings.DEFAULT_EXCEPTION_REPORTER) as typeof ExceptionReporter,
    );
    const reporter = new Reporter(request, error ?? withoutStack(record.message), { isEmail: true });
    // The report has the traceback already.
    const line = this.formatter.format({ ...record, extra });
    await this.sendMail(
      this.formatSubject(subjectOf(record, request)),
      `${line}\n\n${reporter.getTracebackText()}`,
      {
        failSilently: true,
        ...(this.options.include_html && { htmlMessage: reporter.getTracebackHtml() }),
      },
    );
  }

  /** Sends the mail; a subclass may send it elsewhere, or not so often. */
  sendMail(
    subject: string,
    message: string,
    options: SendOptions & { htmlMessage?: string | undefined },
  ): Promise<void> {
    const mail = require('../../core/mail') as typeof import('../../core/mail');
    const connection = mail.getConnection(this.options.email_backend ?? null, { failSilently: true });
    return mail.mailAdmins(subject, message, { ...options, connection });
  }

  /** A subject has one line. */
  formatSubject(subject: string): string {
    return subject.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  }
}

function subjectOf({ levelName, message }: LogRecord, request: HttpRequest | null): string {
  const address = request?.META?.['REMOTE_ADDR'];
  if (request === null || address === undefined) return `${levelName}: ${message}`;
  const where = settings.INTERNAL_IPS.includes(address) ? 'internal' : 'EXTERNAL';
  return `${levelName} (${where} IP): ${message}`;
}

/** What is reported of a record that tells of no error. */
function withoutStack(message: string): Error {
  return Object.assign(new Error(message), { stack: '' });
}
