/** Lists of recorded admins, asked for without HTTP: the rows of a page, their order, and the filters with every choice. */
import * as admin from 'tsango/contrib/admin';
import type { HttpRequest } from 'tsango/http';
import { RequestFactory } from 'tsango/test';
import { vectors } from '../vectors';
import { type RecordedAdmin, register } from './admin';
import { compareList } from './context';
import { type Json, NotThere, same } from './facts';
import { Markers } from './markers';
import { unported } from './ports';
import { type Outcome, standStill } from './replay';
import { Rows } from './rows';
import { RecordedSite } from './site';

/** A list that a test asked an admin for. */
interface RecordedList {
  readonly id: string;
  readonly app: string;
  readonly admin: string;
  readonly query: string;
  readonly user: { readonly pk: unknown } | null;
  readonly snapshot: Readonly<Record<string, string>>;
  readonly settings: Json;
  readonly custom?: readonly string[];
  readonly site_admins?: Readonly<Record<string, string>>;
  readonly site_empty_value_display?: string;
  readonly model_ordering?: unknown;
  readonly cl?: Json;
  readonly error?: string;
}

/** When everything was recorded. */
const NOW = new Date('2026-11-25T12:00:00Z');

const recordedLists = (): RecordedList[] => vectors<RecordedList & Json>('http/changelists');

/** The apps that have lists. */
export const appsWithLists = (): string[] => [...new Set(recordedLists().map(({ app }) => app))].sort();

/** The ids of an app's lists. */
export const listIds = (app: string): string[] =>
  recordedLists().flatMap(({ id, app: own }) => (own === app ? [id] : []));

/** Asks for every list of an app. */
export async function replayLists(app: string): Promise<Outcome[]> {
  const admins = new Map(
    vectors<RecordedAdmin & Json>('http/admins').map((each) => [String(each['hash']), each]),
  );
  const outcomes: Outcome[] = [];
  const site = new RecordedSite(app);
  await site.run(async (connection) => {
    const rows = new Rows(connection);
    for (const [step, list] of recordedLists()
      .filter((each) => each.app === app)
      .entries()) {
      const report = (result: Outcome['result'], why?: string): void => {
        outcomes.push({ id: list.id, step, result, ...(why !== undefined && { why }) });
      };
      const missing = unported(list.custom ?? []);
      if (missing.length > 0) {
        report('custom', missing.join());
        continue;
      }
      try {
        await standStill(NOW, () =>
          site.with(list.settings, async () => {
            await rows.restore(list.snapshot, new Markers());
            await askFor(list, site, admins);
          }),
        );
        report('passed');
      } catch (error) {
        report(error instanceof NotThere ? 'elsewhere' : 'failed', String((error as Error).stack ?? error));
      }
    }
  });
  return outcomes;
}

/** @throws Error where the list is another one. */
async function askFor(
  list: RecordedList,
  { models }: RecordedSite,
  admins: ReadonlyMap<string, RecordedAdmin>,
): Promise<void> {
  if (list.model_ordering !== undefined) throw new NotThere('an order that the test gave the model');
  const own = admins.get(list.admin) as RecordedAdmin;
  const adminSite = new admin.AdminSite();
  if (list.site_empty_value_display !== undefined) {
    adminSite.emptyValueDisplay = list.site_empty_value_display;
  }
  register(adminSite, own, models);
  for (const [label, hash] of Object.entries(list.site_admins ?? {})) {
    const other = admins.get(hash);
    if (other !== undefined && label !== own.model) register(adminSite, other, models);
  }
  const modelAdmin = adminSite.getModelAdmin(models.get(own.model) as never);
  const request: HttpRequest = new RequestFactory().get(`/list/?${list.query}`);
  const user = list.user?.pk;
  if (user !== undefined) {
    Object.assign(request, {
      user: await models.get('auth.User')._defaultManager.get({ pk: user } as never),
    });
  }
  let said: Awaited<ReturnType<typeof modelAdmin.getChangelistInstance>>;
  try {
    said = await modelAdmin.getChangelistInstance(request);
  } catch (error) {
    if (list.error === undefined || error instanceof NotThere) throw error;
    same('error', (error as Error).name, list.error);
    return;
  }
  await compareList(said as never, list.cl ?? { error: list.error });
}
