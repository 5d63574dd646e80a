/** The sites that one database serves. https://docs.djangoproject.com/en/5.2/ref/contrib/sites/ */
export { CurrentSiteManager } from './managers';
export { Site, SiteManager } from './models';
export { RequestSite } from './requests';
export { type CurrentSite, getCurrentSite } from './shortcuts';
