/** Django: `django.contrib.messages.middleware`. */
import { settings } from '../../conf';
import { ValueError } from '../../core/exceptions';
import { settingChanged } from '../../core/signals';
import type { HttpRequest } from '../../http/request';
import type { HttpResponse } from '../../http/response';
import { MiddlewareMixin } from '../../utils/deprecation';
import { importSetting } from '../../utils/module_loading';
import './api';
import type { BaseStorage } from './storage/base';

type StorageClass = new (request: HttpRequest) => BaseStorage;

let Storage: StorageClass | undefined;

settingChanged.connect(({ setting }) => {
  if (setting === 'MESSAGE_STORAGE') Storage = undefined;
});

/** Gives each request its message storage, and keeps what was not shown. */
export class MessageMiddleware extends MiddlewareMixin {
  processRequest(request: HttpRequest): undefined {
    Storage ??= importSetting(settings.MESSAGE_STORAGE) as unknown as StorageClass;
    request._messages = new Storage(request);
  }

  /** @throws ValueError with DEBUG, where messages did not fit into any storage. */
  processResponse(request: HttpRequest, response: HttpResponse): HttpResponse {
    const storage = request._messages;
    if (storage && (storage.used || storage.addedNew)) {
      const unstored = storage.update(response);
      if (unstored.length > 0 && settings.DEBUG) {
        throw new ValueError('Not all temporary messages could be stored.');
      }
    }
    return response;
  }
}
