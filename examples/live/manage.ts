#!/usr/bin/env ts-node
import { executeFromCommandLine } from 'tsango/core/management';

process.env['TSANGO_SETTINGS_MODULE'] ??= 'site_settings';
void executeFromCommandLine(process.argv);
