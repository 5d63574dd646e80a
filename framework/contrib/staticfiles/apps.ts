import { AppConfig } from '../../apps/config';

/** Django: `django.contrib.staticfiles.apps`. */
export class StaticFilesConfig extends AppConfig {
  override verboseName = 'Static Files';
  /** What collectstatic and runserver pass over. */
  ignorePatterns: readonly string[] = ['CVS', '.*', '*~'];

  override ready(): void {
    require('./checks');
  }
}
