/** Why a log-in is not even looked at. Django has none of these. */
import { NamedError } from '../../python/errors';

/** A log-in is refused without a look at the password. AuthenticationMiddleware answers it with `status` and Retry-After. */
export abstract class LoginRefused extends NamedError {
  /** The status of the answer. */
  abstract readonly status: 429 | 503;

  constructor(
    message: string,
    /** Seconds after which it may go better. */
    readonly retryAfter: number,
  ) {
    super(message);
  }
}

/** Too many log-ins have failed under one name, or from one address: LOGIN_FAILURE_LIMITS. */
export class TooManyLoginFailures extends LoginRefused {
  readonly status = 429;
}

/** So many passwords wait to be checked that one more would wait longer than LOGIN_MAX_WAIT. */
export class TooManyLogins extends LoginRefused {
  readonly status = 503;
}
