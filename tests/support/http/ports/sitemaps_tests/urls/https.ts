/** The sitemap of the recorded site that is served by https. */
import { SimpleSitemap } from './http';

export class HTTPSSitemap extends SimpleSitemap {
  override protocol = 'https';
}
