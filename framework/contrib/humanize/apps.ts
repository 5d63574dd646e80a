import { AppConfig } from '../../apps/config';

/** Django: `django.contrib.humanize.apps`. */
export class HumanizeConfig extends AppConfig {
  override verboseName = 'Humanize';
}
