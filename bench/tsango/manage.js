'use strict';
/** The built site's command line: its start is measured. */
const { executeFromCommandLine } = require('tsango/core/management');

process.env.TSANGO_SETTINGS_MODULE ??= 'settings';
void executeFromCommandLine(process.argv);
