/** The base of what sends messages. Django: `django.core.mail.backends.base`. */
import type { EmailMessage } from '../message';

/** What a backend may be told; each takes what it knows. */
export interface EmailBackendOptions {
  failSilently?: boolean | undefined;
  username?: string | undefined;
  password?: string | undefined;
  [option: string]: unknown;
}

/** Sends messages. A backend of one's own overrides `sendMessages`, and `open` and `close` where it keeps a connection. */
export abstract class BaseEmailBackend {
  readonly failSilently: boolean;

  constructor({ failSilently = false }: EmailBackendOptions = {}) {
    this.failSilently = failSilently;
  }

  /** Opens a connection. @returns whether that was necessary; undefined where it failed silently. */
  open(): Promise<boolean | undefined> | boolean | undefined {
    return false;
  }

  /** Closes the connection. */
  close(): Promise<void> | void {}

  /** Sends messages. @returns how many were sent. */
  abstract sendMessages(messages: readonly EmailMessage[]): Promise<number | undefined>;

  /** Keeps one connection open while something is done. */
  async using<T>(work: (connection: this) => Promise<T>): Promise<T> {
    try {
      await this.open();
      return await work(this);
    } finally {
      await this.close();
    }
  }
}
