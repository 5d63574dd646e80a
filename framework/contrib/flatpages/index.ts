/** Pages that are rows. https://docs.djangoproject.com/en/5.2/ref/contrib/flatpages/ */
export { FlatPage } from './models';
