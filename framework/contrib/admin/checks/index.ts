/** What can be wrong with admins. Django: `django.contrib.admin.checks`. */
import { register, Tags } from '../../../core/checks/registry';
import { checkAdminApp, checkDependencies } from './app';

export { BaseModelAdminChecks } from './base';
export { InlineModelAdminChecks } from './inlines';
export { ModelAdminChecks } from './model_admin';
export { checkAdminApp, checkDependencies };

register(() => [...checkDependencies()], Tags.admin);
register(checkAdminApp, Tags.admin);
