/** What a site places on the first page of its admin. */
import type { HttpRequest } from '../../../http/request';
import type { Text } from '../../../utils/functional';
import type { MaybePromise } from '../../../utils/maybe_promise';
import type { SafeString } from '../../../utils/safestring';
import type { AdminSite } from '../sites';

/** A card: what it is called, and what it shows. Text is escaped, HTML is a SafeString. */
export interface DashboardCard {
  readonly title: Text;
  readonly content: (request: HttpRequest) => MaybePromise<SafeString | string | number>;
  /** Who sees it, of those who may enter. Default: all of them. */
  readonly hasPermission?: (request: HttpRequest) => MaybePromise<boolean>;
}

/** A card as templates see it. */
export interface ShownCard {
  readonly title: string;
  readonly content: SafeString | string | number;
}

/** The cards that whoever asks may see; the others are not made. All of them are made at once. */
export async function shownCards(site: AdminSite, request: HttpRequest): Promise<ShownCard[]> {
  const made = await Promise.all(
    site.cards.map(async ({ title, content, hasPermission }): Promise<ShownCard | null> => {
      if (hasPermission !== undefined && !(await hasPermission(request))) return null;
      return { title: String(title), content: await content(request) };
    }),
  );
  return made.filter((card) => card !== null);
}
