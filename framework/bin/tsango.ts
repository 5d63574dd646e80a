#!/usr/bin/env node
/** The command `tsango`: what `manage.ts` is inside of a site, for where there is no site yet. Django: `django-admin`. */
import { executeFromCommandLine } from '../core/management';

void executeFromCommandLine(process.argv);
