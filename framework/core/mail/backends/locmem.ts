/** Keeps messages in memory, for tests. Django: `django.core.mail.backends.locmem`. */
import type { EmailMessage } from '../message';
import { outbox } from '../outbox';
import { BaseEmailBackend } from './base';

/** Puts messages into the outbox. */
export class EmailBackend extends BaseEmailBackend {
  override async sendMessages(messages: readonly EmailMessage[]): Promise<number> {
    for (const message of messages) {
      // What cannot be sent fails in tests, too.
      message.message();
      outbox.push(copyOf(message));
    }
    return messages.length;
  }
}

/** The message as it is now: who sent it may go on changing it. */
function copyOf(message: EmailMessage): EmailMessage {
  const copy = Object.assign(
    Object.create(Object.getPrototypeOf(message) as object),
    message,
  ) as EmailMessage;
  for (const [name, value] of Object.entries(copy)) {
    if (Array.isArray(value)) Object.assign(copy, { [name]: [...(value as unknown[])] });
  }
  copy.extraHeaders = { ...message.extraHeaders };
  return copy;
}
