/**
 * Messages that the next page shows once.
 *
 * Django: `django.contrib.messages.api`; https://docs.djangoproject.com/en/5.2/ref/contrib/messages/
 */
import { HttpRequest } from '../../http/request';
import type { SafeString } from '../../utils/safestring';
import * as constants from './constants';
import type { BaseStorage, Message } from './storage/base';

declare module '../../http/request' {
  interface HttpRequest {
    /** The message storage; set by MessageMiddleware. */
    _messages?: BaseStorage;
  }
}

/** The message middleware is not installed. */
export class MessageFailure extends Error {
  override readonly name = 'MessageFailure';
}

/** Options of every function that adds a message. */
export interface MessageOptions {
  /** More tags, separated by spaces. */
  extraTags?: string;
  /** Do nothing, rather than throw, where the middleware is not installed. */
  failSilently?: boolean;
}

/**
 * Adds a message of any level.
 *
 * @throws MessageFailure where MessageMiddleware is not in MIDDLEWARE, unless `failSilently`.
 * @throws TypeError where `request` is no HttpRequest.
 */
export function addMessage(
  request: HttpRequest,
  level: number,
  message: string | SafeString,
  { extraTags = '', failSilently = false }: MessageOptions = {},
): void {
  const storage = request._messages;
  if (storage) {
    storage.add(level, message, extraTags);
  } else if (!(request instanceof HttpRequest)) {
    throw new TypeError(
      `addMessage() argument must be an HttpRequest object, not '${(request as object)?.constructor?.name}'.`,
    );
  } else if (!failSilently) {
    throw new MessageFailure(
      "You cannot add messages without installing 'tsango.contrib.messages.middleware.MessageMiddleware' in MIDDLEWARE.",
    );
  }
}

/** The messages to show; iterating marks them as shown. Empty where the middleware is not installed. */
export function getMessages(request: HttpRequest): Iterable<Message> & { length: number } {
  return request._messages ?? [];
}

/** The lowest level that this request records; `null` where the middleware is not installed. */
export function getLevel(request: HttpRequest): number | null {
  return request._messages?.level ?? null;
}

/** Changes the lowest level that this request records; `null` goes back to MESSAGE_LEVEL. Says whether it could. */
export function setLevel(request: HttpRequest, level: number | null): boolean {
  if (!request._messages) return false;
  request._messages.level = level;
  return true;
}

function adder(level: number) {
  return (request: HttpRequest, message: string | SafeString, options?: MessageOptions): void =>
    addMessage(request, level, message, options);
}

/** Adds a message of level DEBUG. */
export const debug = adder(constants.DEBUG);
/** Adds a message of level INFO. */
export const info = adder(constants.INFO);
/** Adds a message of level SUCCESS. */
export const success = adder(constants.SUCCESS);
/** Adds a message of level WARNING. */
export const warning = adder(constants.WARNING);
/** Adds a message of level ERROR. */
export const error = adder(constants.ERROR);
