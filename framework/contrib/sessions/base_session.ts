/**
 * The model of a session table. A site's own engine subclasses it to keep more columns.
 *
 * Django: `django.contrib.sessions.base_session`.
 */
import * as models from '../../db/models';
import type { SessionStore } from './backends/db';
import { NotImplementedError } from './exceptions';
import type { SessionDict } from './store/state';

/** A class of session rows. */
export type SessionModelClass = typeof AbstractBaseSession;

/** A row of a session table. */
export class AbstractBaseSession extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    abstract: true,
    verboseName: 'session',
    verboseNamePlural: 'sessions',
  };

  @models.CharField({ verboseName: 'session key', maxLength: 40, primaryKey: true })
  declare sessionKey: string;

  @models.TextField({ verboseName: 'session data' })
  declare sessionData: string;

  @models.DateTimeField({ verboseName: 'expire date', dbIndex: true })
  declare expireDate: Date;

  override toString(): string {
    return this.sessionKey;
  }

  /** The engine whose sessions these are. */
  static getSessionStoreClass(): typeof SessionStore {
    throw new NotImplementedError('subclasses of AbstractBaseSession must provide getSessionStoreClass()');
  }

  /** The items of the session; none if the row was tampered with. */
  getDecoded(): SessionDict {
    const Store = (this.constructor as typeof AbstractBaseSession).getSessionStoreClass();
    return new Store().decode(this.sessionData);
  }
}
