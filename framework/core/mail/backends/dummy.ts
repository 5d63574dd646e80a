/** Sends nothing. Django: `django.core.mail.backends.dummy`. */
import type { EmailMessage } from '../message';
import { BaseEmailBackend } from './base';

/** Takes messages and drops them. */
export class EmailBackend extends BaseEmailBackend {
  override sendMessages(messages: readonly EmailMessage[]): Promise<number> {
    return Promise.resolve(messages.length);
  }
}
