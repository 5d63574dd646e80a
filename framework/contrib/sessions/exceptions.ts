/** Django: `django.contrib.sessions.exceptions`, and the two errors of its `backends.base`. */
import { BadRequest, SuspiciousOperation } from '../../core/exceptions';

/** The session key has letters that no session key has. */
export class InvalidSessionKey extends SuspiciousOperation {}

/** The session may have been tampered with. */
export class SuspiciousSession extends SuspiciousOperation {}

/** The session was deleted while the request was under way: answered with 400. */
export class SessionInterrupted extends BadRequest {}

/** A new session could not be stored, because there is one of its key. */
export class CreateError extends Error {
  override readonly name = 'CreateError';
}

/** A session could not be stored, because it was deleted. */
export class UpdateError extends Error {
  override readonly name = 'UpdateError';
}

/** The session does not fit into a cookie. Not in Django, which sends what browsers then drop. */
export class SessionTooLarge extends Error {
  override readonly name = 'SessionTooLarge';
}

/** The engine cannot do that. */
export { NotImplementedError } from '../../core/exceptions';
