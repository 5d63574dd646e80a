/** Django: `django.contrib.staticfiles.testing`. */
import type { NodeHandler } from '../../core/handlers/node';
import { LiveServerTestCase } from '../../test/cases/live_server';
import { StaticFilesHandler } from './handlers';

/**
 * A `LiveServerTestCase` that serves static files as `runserver` does: from the apps and STATICFILES_DIRS, without
 * `collectstatic`.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/staticfiles/#specialized-test-case-to-support-live-testing
 */
export class StaticLiveServerTestCase extends LiveServerTestCase {
  protected override makeHandler(): NodeHandler {
    return new StaticFilesHandler(true);
  }
}
