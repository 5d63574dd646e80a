/** Visits of Django's own tests of views: the same answers, mails and messages, and the same rows afterwards. */
import { configure } from 'tsango/conf';
import { recordedApps } from '../support/http/facts';
import { expectReplayed } from '../support/http/report';
import { describeVectors } from '../support/vectors';

configure({ SECRET_KEY: 'not a secret', DEFAULT_AUTO_FIELD: 'django.db.models.AutoField' });

const OTHER_ZONE = 'the test makes another time zone the current one, which is not recorded';
const I18N = 'there is no i18n_patterns() yet, and the pages are below it';
const EXCEPTIONS = {
  'sitemaps_tests.test_http.HTTPSitemapTests.test_alternate_i18n_sitemap_index': I18N,
  'sitemaps_tests.test_http.HTTPSitemapTests.test_alternate_i18n_sitemap_limited': I18N,
  'sitemaps_tests.test_http.HTTPSitemapTests.test_alternate_i18n_sitemap_xdefault': I18N,
  'sitemaps_tests.test_http.HTTPSitemapTests.test_alternate_language_for_item_i18n_sitemap': I18N,

  'timezones.tests.AdminTests.test_change_editable_in_other_timezone': OTHER_ZONE,
  'timezones.tests.AdminTests.test_changelist_in_other_timezone': OTHER_ZONE,
};

describeVectors('http/transcripts', 'sites', () => {
  it.each(recordedApps().filter((app) => !app.includes('admin') && app !== 'auth_tests'))(
    'answer as Django’s: %s',
    (app) => expectReplayed(`http ${app}`, app, EXCEPTIONS),
    60_000,
  );
});
