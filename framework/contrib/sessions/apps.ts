import { AppConfig } from '../../apps/config';

/** Django: `django.contrib.sessions.apps`. */
export class SessionsConfig extends AppConfig {
  override verboseName = 'Sessions';

  override ready(): void {
    require('./checks');
  }
}
