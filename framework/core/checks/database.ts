/** Checks that ask a database; they run only where `--database` names it. Django: `django.core.checks.database`. */
import type { CheckMessage } from './messages';
import { register, Tags } from './registry';

register(async ({ databases = [] }) => {
  const { connections } = require('../../db/connections') as typeof import('../../db/connections');
  const found: CheckMessage[] = [];
  for (const alias of databases) found.push(...(await connections.get(alias).validation.check()));
  return found;
}, Tags.database);
