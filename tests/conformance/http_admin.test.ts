/** Visits of Django's own tests of the admin: the same answers, forms and lists, and the same rows afterwards. */
import { configure } from 'tsango/conf';
import { recordedApps } from '../support/http/facts';
import { type Exceptions, expectReplayed } from '../support/http/report';
import { describeVectors } from '../support/vectors';

configure({ SECRET_KEY: 'not a secret', DEFAULT_AUTO_FIELD: 'django.db.models.AutoField' });

const EXCEPTIONS: Readonly<Record<string, Exceptions>> = {
  admin_views: {
    'admin_views.tests.CustomModelAdminTest.test_custom_admin_site_login_form':
      'the error is what the form of the test’s own site says, in Python',
    'admin_views.tests.AdminViewBasicTest.test_i18n_language_non_english_default':
      'the texts of scripts are JSON here: nothing is run for them',
    'admin_views.tests.AdminViewListEditable.test_non_form_errors_is_errorlist':
      'the same: the form that was sent stands beside its row',
    'admin_views.tests.AdminViewListEditable.test_non_field_errors':
      'Django shows the forms in the order that was sent beside rows in the order of the list; here each is beside its row',
  },
  admin_utils: {
    'admin_utils.test_logentry.LogEntryTests.test_logentry_change_message_localized_datetime_input':
      'there are no translations of the admin yet',
  },
};

describeVectors('http/transcripts', 'sites', () => {
  it.each(recordedApps().filter((app) => app.includes('admin')))(
    'answer as Django’s: %s',
    (app) => expectReplayed(`http admin ${app}`, app, EXCEPTIONS[app]),
    300_000,
  );
});
