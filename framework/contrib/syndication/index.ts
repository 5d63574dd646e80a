/** Feeds. https://docs.djangoproject.com/en/5.2/ref/contrib/syndication/ */
export {
  addDomain,
  Feed,
  type FeedAttributes,
  FeedDoesNotExist,
  type FeedItems,
} from './views';
