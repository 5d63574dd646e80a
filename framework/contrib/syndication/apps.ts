import { AppConfig } from '../../apps/config';

/** Django: `django.contrib.syndication.apps`. */
export class SyndicationConfig extends AppConfig {
  override verboseName = 'Syndication';
}
