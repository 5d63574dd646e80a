/** Django: `django.contrib.messages.storage.base`. */
import { settings } from '../../../conf';
import type { HttpRequest } from '../../../http/request';
import type { HttpResponse } from '../../../http/response';
import { conditionalEscape } from '../../../utils/html';
import type { SafeString } from '../../../utils/safestring';
import { DEFAULT_TAGS } from '../constants';

/** One message. Its text is escaped by templates unless it is a SafeString. */
export class Message {
  constructor(
    /** The level's number. */
    readonly level: number,
    /** The text. */
    readonly message: string | SafeString,
    /** More tags, separated by spaces; `null`: none were given. */
    readonly extraTags: string | null = null,
  ) {}

  /** The tag of the level: `success`. */
  get levelTag(): string {
    return settings.MESSAGE_TAGS[this.level] ?? DEFAULT_TAGS[this.level] ?? '';
  }

  /** Every tag, for a class attribute. */
  get tags(): string {
    return [this.extraTags, this.levelTag].filter((tag) => tag).join(' ');
  }

  toString(): string {
    return String(this.message);
  }

  /** What templates print: text that is marked safe stays as it is. */
  toHTML(): string {
    return String(conditionalEscape(this.message));
  }
}

/** What a storage found: `null` messages mean that it was not in use at all. */
export interface Retrieved {
  messages: Message[] | null;
  /** Whether that is every message that was meant to be kept there. */
  allRetrieved: boolean;
}

/**
 * Keeps messages between one request and the next. A subclass says where, by `retrieve` and `store`.
 *
 * Reading is what marks messages as shown: iterating empties the storage when the response leaves.
 */
export abstract class BaseStorage {
  /** Whether the messages were iterated over, and so need not be kept. */
  used = false;
  /** Whether this request added a message. */
  addedNew = false;
  private queued: Message[] = [];
  private loaded: Message[] | undefined;
  private minimum: number | undefined;

  constructor(readonly request: HttpRequest) {}

  /** Reads what an earlier request kept. */
  abstract retrieve(): Retrieved;

  /**
   * Keeps messages.
   *
   * @param removeOldest which end gives way when they do not all fit.
   * @returns those that did not fit.
   */
  abstract store(messages: Message[], response: HttpResponse, removeOldest?: boolean): Message[];

  private get loadedMessages(): Message[] {
    this.loaded ??= this.retrieve().messages ?? [];
    return this.loaded;
  }

  /** How many messages there are; counting does not mark them as shown. */
  get length(): number {
    return this.loadedMessages.length + this.queued.length;
  }

  *[Symbol.iterator](): IterableIterator<Message> {
    this.used = true;
    this.loadedMessages.push(...this.queued.splice(0));
    yield* this.loadedMessages;
  }

  /** The lowest level that is recorded: MESSAGE_LEVEL unless it was set. */
  get level(): number {
    return this.minimum ?? settings.MESSAGE_LEVEL;
  }
  set level(value: number | null) {
    this.minimum = value ?? undefined;
  }

  /** Queues a message, unless it is empty or below the recorded level. */
  add(level: number, message: string | SafeString, extraTags: string | null = ''): void {
    if (String(message) === '' || level < this.level) return;
    this.addedNew = true;
    this.queued.push(new Message(level, message, extraTags));
  }

  /**
   * Keeps what was not shown: everything if nothing was iterated, else what was added afterwards.
   *
   * @returns the messages that could not be kept.
   */
  update(response: HttpResponse): Message[] {
    if (this.used) return this.store(this.queued, response);
    if (this.addedNew) return this.store([...this.loadedMessages, ...this.queued], response);
    return [];
  }
}
