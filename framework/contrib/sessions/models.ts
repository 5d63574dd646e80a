/** Django: `django.contrib.sessions.models`. */
import type * as models from '../../db/models';
import { SessionStore } from './backends/db';
import { AbstractBaseSession } from './base_session';

/** The sessions of the engines `db` and `cached_db`. */
export class Session extends AbstractBaseSession {
  static override readonly Meta = {
    appLabel: 'sessions',
    dbTable: 'django_session',
    verboseName: 'session',
    verboseNamePlural: 'sessions',
  };
  declare static readonly objects: models.Manager<Session>;

  static override getSessionStoreClass(): typeof SessionStore {
    return SessionStore;
  }
}
