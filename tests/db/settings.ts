/** The settings of the tests of this folder: configured once a test file, overridden in each test. */
import { configure, isConfigured } from 'tsango/conf';

if (!isConfigured()) configure({ SECRET_KEY: 'not a secret', TIME_ZONE: 'UTC' });
