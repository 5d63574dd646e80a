/** Writes messages instead of sending them. Django: `django.core.mail.backends.console`. */
import type { EmailMessage } from '../message';
import { BaseEmailBackend, type EmailBackendOptions } from './base';

/** What messages are written to. */
export interface MessageStream {
  write(text: string): unknown;
}

const LINE = '-'.repeat(79);

/** Writes messages to standard output, or to the option `stream`. */
export class EmailBackend extends BaseEmailBackend {
  protected stream: MessageStream | undefined;

  constructor(options: EmailBackendOptions & { stream?: MessageStream | undefined } = {}) {
    super(options);
    this.stream = options.stream;
  }

  protected writeMessage(message: EmailMessage): void {
    const stream = this.stream ?? process.stdout;
    stream.write(`${message.message().asString()}\n${LINE}\n`);
  }

  override async sendMessages(messages: readonly EmailMessage[]): Promise<number | undefined> {
    if (messages.length === 0) return undefined;
    let count = 0;
    try {
      const isNew = await this.open();
      for (const message of messages) {
        this.writeMessage(message);
        count++;
      }
      if (isNew === true) await this.close();
    } catch (error) {
      if (!this.failSilently) throw error;
    }
    return count;
  }
}
