import type { EmailMessage } from './message';

/** What the backend `locmem` was given to send: tests look at it. It is empty when a test begins. */
export const outbox: EmailMessage[] = [];
