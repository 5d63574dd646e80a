/** Django: `django.contrib.messages.test`; https://docs.djangoproject.com/en/5.2/ref/contrib/messages/#testing */
import { failUnequal, type MessageOptions } from '../../test/assertions/fail';
import type { TestAttributes } from '../../test/client';
import { getMessages } from './api';
import type { Message } from './storage/base';

const shown = (messages: readonly Message[]): string[] =>
  messages.map(({ level, message }) => `${level}: ${String(message)}`);

/**
 * The request that led to a response has these messages, by their levels and texts; tags do not count. They are read
 * from it, so that after a redirect that was followed they are those of its last page.
 *
 * @param options.ordered whether their order counts; default: yes.
 * @example
 * ```ts
 * const response = await client.post('/new/', { title: 'Tea' });
 * assertMessages(response, [new Message(constants.SUCCESS, 'Tea was added.')]);
 * ```
 * @throws AssertionError.
 */
export function assertMessages(
  response: Pick<TestAttributes, 'request'>,
  expectedMessages: readonly Message[],
  { ordered = true, ...options }: MessageOptions & { ordered?: boolean } = {},
): void {
  const [actual, expected] = [shown([...getMessages(response.request)]), shown(expectedMessages)];
  const [one, other] = ordered ? [actual, expected] : [actual.toSorted(), expected.toSorted()];
  if (one.length !== other.length || one.some((each, at) => each !== other[at])) {
    failUnequal(
      `The messages are ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`,
      actual,
      expected,
      options,
    );
  }
}
