/** Django: `django.contrib.messages.context_processors`. */
import type { HttpRequest } from '../../http/request';
import { getMessages } from './api';
import { DEFAULT_LEVELS } from './constants';

/** `messages`, and the levels as `DEFAULT_MESSAGE_LEVELS`. */
export function messages(request: HttpRequest): Record<string, unknown> {
  return { messages: getMessages(request), DEFAULT_MESSAGE_LEVELS: DEFAULT_LEVELS };
}
