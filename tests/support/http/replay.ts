/** Visits of a recorded site, made again: each request, its answer, and what it left in the database. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from 'tsango/conf';
import type { AbstractBaseUser } from 'tsango/contrib/auth/base_user';
import { ContentType } from 'tsango/contrib/contenttypes';
import { BaseStorage, Message } from 'tsango/contrib/messages/storage/base';
import { Site } from 'tsango/contrib/sites';
import { outbox } from 'tsango/core/mail';
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';
import { type BodyOptions, Client, type ClientResponse, type TestData } from 'tsango/test';
import { unquote } from 'tsango/utils/encoding';
import { packagePath } from 'tsango/utils/module_loading';
import { adminSites, type RecordedSite as RecordedAdminSite, recordedSites } from './admin';
import { unportedOn } from './admin_ports';
import { compareAnswer } from './answers';
import { files, type Json, NotThere, same, sites, type Transcript, transcripts } from './facts';
import { Markers } from './markers';
import { Rows } from './rows';
import { absentParts, RecordedSite } from './site';
import { patternsOf, valuesOf } from './views';

/**
 * How a step ended: as recorded, otherwise (why), resting on Python that no recording holds, or on a part that is not here.
 */
export interface Outcome {
  readonly id: string;
  readonly step: number;
  readonly result: 'passed' | 'failed' | 'custom' | 'elsewhere';
  readonly why?: string;
}

/** Replays every transcript of an app. */
export async function replayApp(app: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const site = new RecordedSite(app);
  await site.run(async (connection) => {
    const rows = new Rows(connection);
    for (const transcript of transcripts(app)) {
      await standStill(new Date(transcript.now.replace(' ', 'T')), () =>
        new Visit(site, transcript, connection, rows, outcomes).run(),
      );
    }
  });
  return outcomes;
}

/** Does something while it is always that time. */
export async function standStill(now: Date, body: () => Promise<void>): Promise<void> {
  jest.useFakeTimers({ now, doNotFake: FAKED_NOT });
  try {
    await body();
  } finally {
    jest.useRealTimers();
  }
}

/** Only the date stands still. */
const FAKED_NOT = [
  ...['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'],
  ...['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'],
] as never[];

/** One transcript. */
class Visit {
  private readonly clients = new Map<number, Client>();
  private readonly markers = new Markers();
  private readonly messages: Message[] = [];
  private settings: Json;
  /** The step that is being made. */
  private at = 0;
  private readonly admins: ReturnType<typeof adminSites>;
  private readonly recorded: readonly RecordedAdminSite[];
  private urlconf: { readonly urlpatterns: unknown[] } | undefined;

  constructor(
    private readonly site: RecordedSite,
    private readonly transcript: Transcript,
    readonly connection: DatabaseWrapper,
    private readonly rows: Rows,
    private readonly outcomes: Outcome[],
  ) {
    this.settings = transcript.settings;
    const hashes = sites().get(transcript.site)?.['admin_sites'] ?? {};
    this.admins = adminSites(hashes as Record<string, string>, site.models);
    this.recorded = Object.values(hashes as Record<string, string>).flatMap(
      (hash) => recordedSites().get(hash) ?? [],
    );
  }

  private client({ client: number = 1 }: Json): Client {
    const key = Number(number);
    let client = this.clients.get(key);
    if (client === undefined) {
      // It is told with the requests, and holds from the beginning.
      const enforceCsrfChecks = this.transcript.steps.some(
        (step) => Number(step['client'] ?? 1) === key && step['enforce_csrf_checks'] === true,
      );
      client = new Client({ enforceCsrfChecks });
      this.clients.set(key, client);
    }
    return client;
  }

  async run(): Promise<void> {
    const { add } = BaseStorage.prototype;
    const { messages } = this;
    const spy = jest.spyOn(BaseStorage.prototype, 'add').mockImplementation(function (
      this: BaseStorage,
      ...all
    ) {
      const { length } = this;
      add.apply(this, all);
      if (this.length > length) messages.push(new Message(...all));
    });
    try {
      await this.steps();
    } finally {
      spy.mockRestore();
    }
  }

  private async steps(): Promise<void> {
    const { steps } = this.transcript;
    while (this.at < steps.length) {
      try {
        await this.site.with(this.settings, () => this.stretch(), this.pages());
      } catch (error) {
        const result =
          error instanceof CustomStep ? 'custom' : error instanceof NotThere ? 'elsewhere' : 'failed';
        this.report(this.at, result, String((error as Error).stack ?? error));
        // What follows may rest on it.
        for (let later = this.at + 1; later < steps.length; later++)
          this.report(
            later,
            result === 'custom' ? 'custom' : 'elsewhere',
            `after: ${(error as Error).message}`,
          );
        return;
      }
    }
  }

  /** The steps from here on until the settings change: templates are compiled once for all of them. */
  private async stretch(): Promise<void> {
    const { settings } = this;
    for (; this.settings === settings && this.at < this.transcript.steps.length; this.at++) {
      const step = this.transcript.steps[this.at] as Json;
      const missing = unportedOn(this.recorded, (step['custom'] ?? []) as string[]);
      if (missing.length > 0) throw new CustomStep(missing.join());
      await this.step(step);
      if ('request' in step) this.report(this.at, 'passed');
    }
  }

  private report(step: number, result: Outcome['result'], why?: string): void {
    if (this.transcript.steps[step]?.['request'] === undefined && result !== 'failed') return;
    this.outcomes.push({ id: this.transcript.id, step, result, ...(why !== undefined && { why }) });
  }

  /** URLs and templates. @throws NotThere */
  private pages(): Partial<Settings> {
    const urlconf = sites().get(this.transcript.site)?.urlconf;
    if (urlconf === undefined) throw new NotThere('a URLconf');
    const [absent] = absentParts({ ...this.settings });
    if (absent !== undefined) throw new NotThere(`not here: ${absent}`);
    this.urlconf ??= {
      urlpatterns: patternsOf(urlconf, valuesOf(this.site.models, this.site.place), this.admins.sites),
    };
    return {
      ROOT_URLCONF: this.urlconf as never,
      TEMPLATES: this.site.templates(this.transcript, this.settings),
    };
  }

  private async step(step: Json): Promise<void> {
    const { db, sequences } = step as { db?: Json; sequences?: Record<string, number> };
    if ('snapshot' in step) {
      await this.rows.restore(step['snapshot'] as Record<string, string>, this.markers);
      ContentType.objects.clearCache();
      Site.objects.clearCache();
      outbox.length = 0;
    } else if ('request' in step) await this.request(step);
    else if ('login' in step) await this.changing(db, () => this.login(step));
    else if ('logout' in step) await this.changing(db, () => this.client(step).logout());
    else if ('settings' in step) this.settings = { ...this.settings, ...(step['settings'] as Json) };
    else if ('cookies' in step) this.cookies(step);
    else if (db !== undefined) await this.rows.write(db, this.markers);
    else throw new NotThere(`the step ${Object.keys(step).join()}`);
    await this.rows.setSequences(sequences);
  }

  /** Does something, and looks at what it left. */
  private async changing(db: Json | undefined, body: () => Promise<void>): Promise<void> {
    const before = await this.rows.snapshot();
    await body();
    await this.rows.compare(before, db ?? {}, this.markers);
  }

  private async login(step: Json): Promise<void> {
    const { force, model, backend, credentials, result } = step['login'] as Json & {
      credentials?: Record<string, unknown>;
    };
    const client = this.client(step);
    if (credentials !== undefined) same('login', await client.login(credentials), result);
    else {
      const user = await this.site.models.get(String(model))._defaultManager.get({ pk: force } as never);
      await client.forceLogin(user as unknown as AbstractBaseUser, backend as string | undefined);
    }
    const key = client.cookies.get('sessionid')?.value;
    if (key) this.markers.bind({ $session: step['session'] }, key);
  }

  private cookies(step: Json): void {
    const { cookies } = this.client(step);
    const { set = {}, delete: gone = [] } = step['cookies'] as { set?: Json; delete?: string[] };
    for (const [name, value] of Object.entries(set))
      cookies.setValue(name, String(this.markers.value(value)));
    for (const name of gone) cookies.delete(name);
  }

  private async request(step: Json): Promise<void> {
    const wanted = step['response'] as Json;
    const missing = this.lacking(step, wanted);
    if (missing !== undefined) throw new NotThere(`not here: ${missing}`);
    const before = await this.rows.snapshot();
    const sent = outbox.length;
    this.messages.length = 0;
    let response: ClientResponse;
    try {
      response = await this.send(step);
    } catch (error) {
      if (error instanceof NotThere || wanted['exception'] === undefined) throw error;
      same('exception', (error as Error).name, wanted['exception']);
      return;
    }
    const answer = { response, messages: this.messages.splice(0), mail: outbox.slice(sent) };
    const { route, name = null } = (step['view'] ?? {}) as Json;
    const { resolverMatch: match } = response;
    // A request may be turned away before its URL is looked at.
    if (route !== undefined && match !== null)
      same(
        'URL',
        [match.route, (String(name).includes(':') ? match.viewName : match.urlName) ?? null],
        [route, name],
      );
    await compareAnswer(answer, wanted, this.markers, this.transcript.templates);
    await this.rows.compare(before, (step['db'] as Json | undefined) ?? {}, this.markers);
  }

  /** The part that an answer rests on and that is not here. */
  private lacking({ view, request }: Json, wanted: Json): string | undefined {
    const { streaming, templates = [] } = wanted;
    const absent = (templates as string[]).find((each) => this.isAbsentPage(each));
    if (absent !== undefined) return `the template ${absent}`;
    const page = (view as Json | undefined)?.['admin'];
    const model = typeof page === 'string' ? page.split('/')[0] : undefined;
    const why = model === undefined ? undefined : this.admins.missing.get(model);
    if (why !== undefined) return `the admin of ${String(model)}: ${why}`;
    const isFile = (file: Json): boolean =>
      String(file['path']).startsWith(`$TESTS/${this.site.app}/`) &&
      path.basename(String(file['path'])) === name;
    const name = path.basename(unquote(String((request as Json)['path'])));
    if (streaming && !files().some(isFile)) return `the file ${name}`;
    return undefined;
  }

  /** Whether a page of users is Django's own, and not among ours. */
  private isAbsentPage(name: string): boolean {
    if (!name.startsWith('registration/') || name in (this.transcript.templates ?? {})) return false;
    const folders = ['admin', 'auth'].map((app) => packagePath(`django.contrib.${app}`) ?? '');
    return !folders.some((folder) => existsSync(path.join(folder, 'templates', name)));
  }

  private async send(step: Json): Promise<ClientResponse> {
    const asked = step['request'] as Json;
    const target = String(asked['path']) + (asked['query'] ? `?${String(asked['query'])}` : '');
    const client = this.client(step);
    const options: Record<string, unknown> = {
      headers: { ...sentCookies(client), ...(asked['headers'] as Json | undefined) },
      extra: environ(asked),
      ...(asked['scheme'] === 'https' && { secure: true }),
    };
    const type = asked['content_type'] as string | undefined;
    if (type !== undefined && type !== 'multipart/form-data') options['contentType'] = type;
    const [method, data] = [String(asked['method']), dataOf(asked)];
    if (method === 'POST') return client.post(target, data, options as BodyOptions);
    return client.generic(method, target, data, options as BodyOptions);
  }
}

/** A step that rests on Python. */
class CustomStep extends Error {}

/** The cookies of a client as Django's sends them: those that were deleted, too, where a browser has forgotten them. */
function sentCookies({ cookies }: Client): Json {
  if (![...cookies.values()].some((morsel) => morsel.get('max-age') === 0)) return {};
  return { cookie: [...cookies.values()].map(({ key, codedValue }) => `${key}=${codedValue}`).join('; ') };
}

/** What servers say of a request. Who a server has let in is a header here. */
function environ({ environ: given = {} }: Json): Record<string, unknown> {
  const { REMOTE_USER: user, ...others } = given as Json;
  return { ...others, ...(user !== undefined && { HTTP_REMOTE_USER: user }) };
}

/** What a request carries. */
function dataOf(asked: Json): TestData {
  const pairs = asked['data'] as [string, unknown][] | undefined;
  if (pairs === undefined) {
    const body = asked['body'] as string | { hex: string } | undefined;
    return typeof body === 'object' ? Buffer.from(body.hex, 'hex') : body;
  }
  return pairs.map(([name, value]): [string, unknown] => {
    const file = value as Json | null;
    if (file === null || typeof file !== 'object' || !('filename' in file)) return [name, value];
    if (file['hex'] === undefined) throw new NotThere('the bytes of a large file');
    const content = Buffer.from(String(file['hex']), 'hex');
    return [name, { name: file['filename'], content, contentType: file['content_type'] }];
  });
}
