/** Django: `django.contrib.messages.storage.fallback`. */
import type { HttpRequest } from '../../../http/request';
import type { HttpResponse } from '../../../http/response';
import { BaseStorage, type Message, type Retrieved } from './base';
import { CookieStorage } from './cookie';
import { SessionStorage } from './session';

/** Keeps what it can in the cookie and the rest in the session. MESSAGE_STORAGE's default. */
export class FallbackStorage extends BaseStorage {
  static storageClasses: readonly (new (request: HttpRequest) => BaseStorage)[] = [
    CookieStorage,
    SessionStorage,
  ];

  // Made when they are needed: most requests have no messages.
  private opened: (BaseStorage | undefined)[] | undefined;
  private usedStorages: Set<BaseStorage> | undefined;

  /** A storage is made when it is first needed: most requests never reach the session. */
  private storage(index: number): BaseStorage | undefined {
    const Storage = FallbackStorage.storageClasses[index];
    if (!Storage) return undefined;
    this.opened ??= [];
    this.opened[index] ??= new Storage(this.request);
    return this.opened[index];
  }

  override retrieve(): Retrieved {
    const messages: Message[] = [];
    let allRetrieved = true;
    for (let index = 0; index < FallbackStorage.storageClasses.length; index++) {
      const storage = this.storage(index);
      const found = storage?.retrieve();
      if (!storage || !found) break;
      if (storage.used) this.used = true;
      allRetrieved = found.allRetrieved;
      if (found.messages === null) break;
      if (found.messages.length > 0) {
        this.usedStorages ??= new Set();
        this.usedStorages.add(storage);
      }
      messages.push(...found.messages);
      if (allRetrieved) break;
    }
    return { messages, allRetrieved };
  }

  override store(messages: Message[], response: HttpResponse): Message[] {
    let left = messages;
    for (let index = 0; index < FallbackStorage.storageClasses.length; index++) {
      const known = this.opened?.[index];
      if (left.length > 0) {
        left = this.storage(index)?.store(left, response, false) ?? left;
      } else if (known && (this.usedStorages?.delete(known) || known.used)) {
        known.store([], response);
      }
    }
    return left;
  }
}
