/** Copied beside the samples of each page: what their hidden code asks views with. */
import { Client, overrideSettings } from 'tsango/test';
import type { UrlEntry } from 'tsango/urls';

/** Serves these URLs, in process, to a client with cookies. */
export function serving(urlpatterns: UrlEntry[], body: (client: Client) => Promise<void>): Promise<void> {
  return overrideSettings({ ROOT_URLCONF: { urlpatterns } }, () => body(new Client()));
}
