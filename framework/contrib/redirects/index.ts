/** Addresses that moved. https://docs.djangoproject.com/en/5.2/ref/contrib/redirects/ */
export { Redirect } from './models';
