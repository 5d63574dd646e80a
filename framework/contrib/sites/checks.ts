/** Whether SITE_ID can be the key of a site. Django: `django.contrib.sites.checks`. */
import { settings } from '../../conf';
import { Error as CheckError } from '../../core/checks/messages';
import { register, Tags } from '../../core/checks/registry';

/** SITE_ID is an integer, or not set. */
export function checkSiteId(): CheckError[] {
  const id: unknown = settings.SITE_ID;
  if (id === null || id === undefined || Number.isInteger(id)) return [];
  return [new CheckError('The SITE_ID setting must be an integer', { id: 'sites.E101' })];
}

register(checkSiteId, Tags.sites);
