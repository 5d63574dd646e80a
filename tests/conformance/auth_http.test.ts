/** Visits of Django's own tests of users: who is logged in, the mails that are sent, and the rows afterwards. */
import { configure } from 'tsango/conf';
import { expectReplayed } from '../support/http/report';
import { describeVectors } from '../support/vectors';

configure({ SECRET_KEY: 'not a secret', DEFAULT_AUTO_FIELD: 'django.db.models.AutoField' });

const OWN_TEMPLATE =
  "the page is a template of Django's tests; the admin's of that name asks who somebody is";
const EXCEPTIONS = {
  'auth_tests.test_remote_user.CustomHeaderRemoteUserTest.test_no_remote_user':
    'the header is no text but None, which no request has, and was recorded as the text None',
  'auth_tests.test_views.PasswordResetTest.test_confirm_display_user_from_form': OWN_TEMPLATE,
  'auth_tests.test_views.UUIDUserPasswordResetTest.test_confirm_invalid_uuid': OWN_TEMPLATE,
};

describeVectors('http/transcripts', 'users', () => {
  it('are as Django’s', () => expectReplayed('auth http', 'auth_tests', EXCEPTIONS), 60_000);
});
