/** Django: `django.contrib.messages.storage.session`. */
import { ImproperlyConfigured } from '../../../core/exceptions';
import type { HttpRequest } from '../../../http/request';
import type { HttpResponse } from '../../../http/response';
import type { SessionBase } from '../../sessions/backends/base';
import { BaseStorage, type Message, type Retrieved } from './base';
import { decodeMessages, encodeMessages, withoutMark } from './cookie';

/** Keeps messages in the session. */
export class SessionStorage extends BaseStorage {
  static sessionKey = '_messages';

  constructor(request: HttpRequest) {
    super(request);
    if ((request.session as SessionBase | undefined) === undefined) {
      throw new ImproperlyConfigured(
        'The session-based temporary message storage requires session middleware to be installed, and come ' +
          'before the message middleware in the MIDDLEWARE list.',
      );
    }
  }

  private get session(): SessionBase {
    return (this.request as HttpRequest & { session: SessionBase }).session;
  }

  override retrieve(): Retrieved {
    const data: unknown = this.session.get(SessionStorage.sessionKey);
    const found = typeof data === 'string' ? decodeMessages(data) : null;
    return { messages: withoutMark(found), allRetrieved: true };
  }

  override store(messages: Message[], _response: HttpResponse): Message[] {
    if (messages.length > 0) this.session.update({ [SessionStorage.sessionKey]: encodeMessages(messages) });
    else this.session.pop(SessionStorage.sessionKey, null);
    return [];
  }
}
