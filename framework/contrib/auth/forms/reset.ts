/** The form that sends a link for a new password. */
import * as forms from '../../../forms';
import type { HttpRequest } from '../../../http/request';
import { splitLines } from '../../../python/text';
import { renderToString } from '../../../template/loader';
import { urlsafeBase64Encode } from '../../../utils/http';
import { getLogger } from '../../../utils/log';
import { gettextLazy as _ } from '../../../utils/translation';
import { getCurrentSite } from '../../sites/shortcuts';
import type { AbstractBaseUser } from '../base_user';
import { defaultTokenGenerator, type PasswordResetTokenGenerator } from '../tokens';
import { getUserModel } from '../user_model';

/** What a mail about a new password is made of. */
export interface PasswordResetOptions {
  /** Instead of the site of the request. */
  domainOverride?: string | null;
  subjectTemplateName?: string;
  emailTemplateName?: string;
  htmlEmailTemplateName?: string | null;
  useHttps?: boolean;
  tokenGenerator?: PasswordResetTokenGenerator;
  /** Default: DEFAULT_FROM_EMAIL. */
  fromEmail?: string | null;
  request?: HttpRequest | null;
  extraEmailContext?: Readonly<Record<string, unknown>> | null;
}

/** One mail. */
export interface PasswordResetMail {
  subject: string;
  body: string;
  html: string | null;
  fromEmail: string | null;
  toEmail: string;
  user: AbstractBaseUser;
}

/** Whether two are the same address whatever their case. A letter that only looks like another is another. */
function sameAddress(one: string, other: string): boolean {
  const plain = (text: string): string => text.normalize('NFKC').toLowerCase();
  return plain(one) === plain(other);
}

/** What a mail calls the site: what the caller says, or else the site of the request. */
async function siteNames(
  request: HttpRequest | null,
  override: string | null,
): Promise<{ domain: string; site_name: string }> {
  if (override) return { domain: override, site_name: override };
  if (request === null) return { domain: '', site_name: '' };
  const { domain, name } = await getCurrentSite(request);
  return { domain, site_name: name };
}

/** Asks for an address of mail, and sends a link to whoever has it. Whether somebody has it is not told. */
export class PasswordResetForm extends forms.form({
  email: new forms.EmailField({
    label: _('Email'),
    maxLength: 254,
    widget: new forms.EmailInput({ attrs: { autocomplete: 'email' } }),
  }),
}) {
  /** The users of an address who may have a new password: active, and with one. */
  async getUsers(email: string): Promise<AbstractBaseUser[]> {
    const model = getUserModel();
    const name = model.getEmailFieldName();
    const rows = (await model._defaultManager.filter({
      [`${name}__iexact`]: email,
      isActive: true,
    } as never)) as unknown as (AbstractBaseUser & Record<string, unknown>)[];
    // The database may take letters for the same that are not: the link goes to the address of the row.
    return rows.filter((user) => user.hasUsablePassword() && sameAddress(email, String(user[name])));
  }

  /** Sends each of them a link that is good once. */
  async save(options: PasswordResetOptions = {}): Promise<void> {
    const { request = null, domainOverride = null, tokenGenerator = defaultTokenGenerator } = options;
    const site = await siteNames(request, domainOverride);
    const name = getUserModel().getEmailFieldName();
    for (const user of await this.getUsers(this.cleanedData.email)) {
      const toEmail = String((user as unknown as Record<string, unknown>)[name]);
      const context = {
        email: toEmail,
        ...site,
        uid: urlsafeBase64Encode(Buffer.from(String(user.pk))),
        user,
        token: tokenGenerator.makeToken(user),
        protocol: options.useHttps ? 'https' : 'http',
        ...options.extraEmailContext,
      };
      const { htmlEmailTemplateName = null } = options;
      const subject = await renderToString(
        options.subjectTemplateName ?? 'registration/password_reset_subject.txt',
        context,
      );
      await this.sendMail({
        // A line break would begin another header.
        subject: splitLines(String(subject)).join(''),
        body: String(
          await renderToString(
            options.emailTemplateName ?? 'registration/password_reset_email.html',
            context,
          ),
        ),
        html:
          htmlEmailTemplateName === null
            ? null
            : String(await renderToString(htmlEmailTemplateName, context)),
        fromEmail: options.fromEmail ?? null,
        toEmail,
        user,
      });
    }
  }

  /** Sends one mail. A failure is logged: whoever asked is not told that there is such a user. */
  async sendMail({ subject, body, html, fromEmail, toEmail, user }: PasswordResetMail): Promise<void> {
    const { EmailMultiAlternatives } = require('../../../core/mail') as typeof import('../../../core/mail');
    const message = new EmailMultiAlternatives(subject, body, fromEmail, [toEmail]);
    if (html !== null) message.attachAlternative(html, 'text/html');
    try {
      await message.send();
    } catch (error) {
      getLogger('tsango.contrib.auth').exception(
        `Failed to send password reset email to ${String(user.pk)}`,
        error,
      );
    }
  }
}
