import { AppConfig } from '../../apps/config';

/** Django: `django.contrib.messages.apps`. */
export class MessagesConfig extends AppConfig {
  override verboseName = 'Messages';
}
