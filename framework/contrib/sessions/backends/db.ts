/**
 * Sessions in the table `django_session`: one statement to read one, one to write one, and two more where somebody
 * else wrote the same session meanwhile. Django: `django.contrib.sessions.backends.db`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { settings } from '../../../conf';
import { KeyedQueue } from '../../../core/cache/keyed_queue';
import type { DatabaseWrapper, Row } from '../../../db';
import { connections, DEFAULT_DB_ALIAS, IntegrityError } from '../../../db';
import { attempt, isPromise, type MaybePromise, then } from '../../../utils/maybe_promise';
import type { AbstractBaseSession, SessionModelClass } from '../base_session';
import { decodeSession } from '../store/codec';
import { ensureItems } from '../store/items';
import { isPossibleKey, requirePossibleKey } from '../store/keys';
import { mergeChanges, performSave, type Saved, type Saving } from '../store/saving';
import {
  SESSION_COLUMNS,
  type SessionColumn,
  type SessionStatements,
  statementsOf,
  storedNow,
} from '../store/sql';
import { belongsTo, pause } from '../store/sweep';
import {
  type ClearExpiredOptions,
  CreateError,
  type EndUserSessionsOptions,
  SessionBase,
  type SessionDict,
  STATE,
  type StoredSession,
  UpdateError,
} from './base';

/** Writers of the same session in other processes that may be faster before this one gives up. */
const MERGE_ATTEMPTS = 200;
/** From then on it waits a moment before it tries again. */
const IMMEDIATE_ATTEMPTS_END = 190;

/** Session store on a database. */
export class SessionStore extends SessionBase {
  /** The database that the sessions are in. */
  static databaseAlias(): string {
    return DEFAULT_DB_ALIAS;
  }

  /** The model of the table. Override it together with `createModelInstance` to keep columns of one's own. */
  static getModelClass(): SessionModelClass {
    return (require('../models') as typeof import('../models')).Session;
  }

  /** The model of the table. */
  get model(): SessionModelClass {
    return (this[STATE].cls as typeof SessionStore).getModelClass();
  }

  static override readsAtOnce(): boolean {
    return connections.get(this.databaseAlias()).features.synchronous;
  }

  /** The row of the session, as it is to be stored. */
  createModelInstance(data: SessionDict): AbstractBaseSession {
    return Object.assign(new this.model(), {
      sessionKey: this[STATE].key ?? '',
      sessionData: this.encode(data),
      expireDate: this.getExpiryDate(),
    });
  }

  override doLoad(): MaybePromise<StoredSession | null> {
    const row = readRow(this, false);
    return isPromise(row) ? row.then((found) => stored(this, found)) : stored(this, row);
  }

  override doExists(sessionKey: string): MaybePromise<boolean> {
    if (!isPossibleKey(sessionKey)) return false;
    return then(tableOf(this).exists.get([sessionKey]), (row) => row !== undefined);
  }

  override doSave(mustCreate: boolean): MaybePromise<void> {
    const { key } = this[STATE];
    if (key === null) return this.doCreate();
    requirePossibleKey(key);
    return then(ensureItems(this, mustCreate), (data) =>
      performSave(
        this,
        data,
        (saving) => (mustCreate ? insertRow(this, data) : inTurn(this, saving)),
        connectionOf(this),
      ),
    );
  }

  override doDelete(sessionKey: string): MaybePromise<void> {
    return isPossibleKey(sessionKey) ? this.removeRow(sessionKey) : undefined;
  }

  /** Removes the session of a key that the table has, whoever made it. */
  protected removeRow(sessionKey: string): MaybePromise<void> {
    return then(tableOf(this).delete.runGrouped([sessionKey]), () => undefined);
  }

  /** The statements of the engine's table on a database. */
  static statementsOn(connection: DatabaseWrapper): SessionStatements {
    if (this.getModelClass === SessionStore.getModelClass) {
      return statementsOf(connection, 'django_session', SESSION_COLUMNS);
    }
    const model = this.getModelClass();
    return statementsOf(connection, model._meta.dbTable, columnsOf(model));
  }

  /** Removes expired rows in batches, letting requests through in between. Can be stopped and run again. */
  static override async clearExpired(options: ClearExpiredOptions = {}): Promise<number> {
    const { batchSize = 1000, progress } = options;
    const connection = connections.get(this.databaseAlias());
    const statements = this.statementsOn(connection);
    let removed = 0;
    for (;;) {
      const now = storedNow(connection);
      const rows = await statements.expired.all([now, batchSize]);
      if (rows.length === 0) return removed;
      removed += await deleteRows(connection, statements, rows, now);
      progress?.(removed);
      await pause();
    }
  }

  /** Reads every live session once: the table has no column of the user. */
  static override async endUserSessions(
    userId: unknown,
    options: EndUserSessionsOptions = {},
  ): Promise<number> {
    const { except = null, batchSize = 1000 } = options;
    const statements = this.statementsOn(connections.get(this.databaseAlias()));
    const store = new (this as unknown as new () => SessionStore)();
    let ended = 0;
    let last = '';
    for (;;) {
      const rows = await statements.after.all([last, batchSize]);
      for (const row of rows) {
        last = String(row['session_key']);
        if (last === except || !belongsTo(store.decode(String(row['session_data'])), userId)) continue;
        await store.removeRow(last);
        ended += 1;
      }
      if (rows.length < batchSize) return ended;
      await pause();
    }
  }
}

export function connectionOf(session: SessionStore): DatabaseWrapper {
  return connections.get((session[STATE].cls as typeof SessionStore).databaseAlias());
}

/** The statements of a session's table. */
export function tableOf(
  session: SessionStore,
  connection: DatabaseWrapper = connectionOf(session),
): SessionStatements {
  return (session[STATE].cls as typeof SessionStore).statementsOn(connection);
}

/** The live row of the session; with its date, if that is asked for. */
export function readRow(session: SessionStore, dated: boolean): MaybePromise<Row | undefined> {
  const { key } = session[STATE];
  if (!isPossibleKey(key)) return undefined;
  const connection = connectionOf(session);
  return tableOf(session, connection).readNow(connection, key, dated);
}

/** What a row has of the session. */
export function stored(session: SessionStore, row: Row | undefined): StoredSession | null {
  if (row === undefined) return null;
  const text = String(row['session_data']);
  const decoded = decodeSession(text, session.keySalt, session.serializer);
  return decoded === null
    ? { data: {}, revision: text }
    : { data: decoded.data, revision: text, writtenAt: decoded.timestamp };
}

function insertRow(session: SessionStore, data: SessionDict): MaybePromise<Saved> {
  const row = rowOf(session, data);
  const inserted = attempt(
    () => then(tableOf(session).insert.runGrouped(row.values), ({ rowCount }) => rowCount > 0),
    (error) => {
      if (error instanceof IntegrityError) return false;
      throw error;
    },
  );
  return then(inserted, (done) => {
    if (!done) throw new CreateError('A session of that key exists already.');
    return { stored: data, revision: row.text };
  });
}

/** One writer of a session at a time in this process: otherwise one could lose the race to the others for ever. */
const writers = new KeyedQueue();

function inTurn(session: SessionStore, saving: Saving): MaybePromise<Saved> {
  const { key, cls } = session[STATE];
  // Within a transaction, which may hold the row that the writer in front waits for, nobody queues.
  if (key === null || connectionOf(session).inAtomicBlock) return updateRow(session, saving);
  return writers.run(`${(cls as typeof SessionStore).databaseAlias()}:${key}`, () =>
    updateRow(session, saving),
  );
}

function updateRow(session: SessionStore, saving: Saving): MaybePromise<Saved> {
  const { key, revision } = session[STATE];
  if (key === null) throw gone();
  const merging = settings.SESSION_MERGE_CONCURRENT_WRITES && !saving.cleared;
  if (merging && typeof revision !== 'string') return mergeRow(session, saving, MERGE_ATTEMPTS);
  const row = rowOf(session, saving.data);
  const saved = { stored: saving.data, revision: row.text };
  if (!merging) {
    return then(tableOf(session).update.runGrouped([...row.rest, key]), ({ rowCount }) => {
      if (rowCount === 0) throw gone();
      return saved;
    });
  }
  return then(writeOver(session, row.rest, revision), (written) =>
    written ? saved : mergeRow(session, saving, MERGE_ATTEMPTS),
  );
}

/** Writes over exactly that stored text, which says whether anybody wrote in between. */
function writeOver(
  session: SessionStore,
  values: readonly unknown[],
  revision: unknown,
): MaybePromise<boolean> {
  const params = [...values, session[STATE].key, revision];
  return then(tableOf(session).updateIf.runGrouped(params), ({ rowCount }) => rowCount > 0);
}

function mergeRow(session: SessionStore, saving: Saving, attemptsLeft: number): MaybePromise<Saved> {
  return then(tableOf(session).current.get([session[STATE].key]), (found) => {
    if (found === undefined) throw gone();
    const text = String(found['session_data']);
    const merged = mergeChanges(saving, session.decode(text));
    const row = rowOf(session, merged);
    return then(writeOver(session, row.rest, text), (written) => {
      if (written) return { stored: merged, revision: row.text };
      if (attemptsLeft <= 1) throw new UpdateError('Other processes write this session without pause.');
      if (attemptsLeft > IMMEDIATE_ATTEMPTS_END) return mergeRow(session, saving, attemptsLeft - 1);
      return delay(Math.random() * 10).then(() => mergeRow(session, saving, attemptsLeft - 1));
    });
  });
}

/** The values of the row: all of them, and those after the key; the text of the session among them. */
function rowOf(
  session: SessionStore,
  data: SessionDict,
): { values: unknown[]; rest: unknown[]; text: string } {
  const { createModelInstance } = session;
  if (
    (session[STATE].cls as typeof SessionStore).getModelClass === SessionStore.getModelClass &&
    createModelInstance === SessionStore.prototype.createModelInstance
  ) {
    const text = session.encode(data);
    const rest = [text, session.getExpiryDate()];
    return { values: [session[STATE].key, ...rest], rest, text };
  }
  const row = session.createModelInstance(data);
  const [, ...others] = tableOf(session).columns;
  const rest = others.map(({ property }) => row[property as keyof AbstractBaseSession] ?? null);
  return { values: [row.sessionKey, ...rest], rest, text: row.sessionData };
}

const ownColumns = new WeakMap<object, readonly SessionColumn[]>();

/** The columns of a site's own model, the key first. */
function columnsOf(model: SessionModelClass): readonly SessionColumn[] {
  let columns = ownColumns.get(model);
  if (columns === undefined) {
    const all = model._meta.localFields.map((field) => ({
      property: field.property,
      column: field.column,
    }));
    columns = [...all].sort(
      (a, b) => Number(b.column === 'session_key') - Number(a.column === 'session_key'),
    );
    ownColumns.set(model, columns);
  }
  return columns;
}

/** Deletes those of the rows that are still expired: one may have been written meanwhile. */
async function deleteRows(
  connection: DatabaseWrapper,
  statements: SessionStatements,
  rows: readonly Record<string, unknown>[],
  now: unknown,
): Promise<number> {
  const keys = rows.map((row) => row['session_key']);
  const { rowCount } = await connection.execute(statements.deleteExpired(keys.length), [...keys, now]);
  return rowCount;
}

function gone(): UpdateError {
  return new UpdateError('The session was deleted.');
}
