/**
 * Group commit: the writes of many requests that arrive in one turn of the event loop share a transaction.
 *
 * A commit for each costs several times what the writes themselves do: locks, and pages of three B-trees in the log.
 * What a writer sees is what it would see alone: nobody is told that a write is done before it is committed, and one
 * that fails by itself (a constraint) fails for its writer only.
 */
// Not the global: whoever replaces that (tests with a fake clock) does not stop the database.
import { setImmediate } from 'node:timers';
import { attempt, then } from '../../../utils/maybe_promise';
import type { QueryResult, WriteResult } from '../base/base';
import type { Gate } from '../gate';

/** A connection to an SQLite file, as far as it is needed here. */
interface Connection {
  readonly gate: Gate;
  /** Whether a transaction is open on the handle. */
  readonly inTransaction: boolean;
  runNow(sql: string, params: readonly unknown[]): QueryResult;
}

/** A write whose caller waits for its commit. */
interface Write {
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly resolve: (result: WriteResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Tells the caller how its write ended. */
type Answer = () => void;

/** The writes of one connection that wait for the end of the turn. */
export class GroupCommit {
  private waiting: Write[] = [];
  private readonly atEndOfTurn = (): void => this.flush();

  constructor(private readonly connection: Connection) {}

  /** Runs a statement at the end of this turn. Resolves when it is committed. */
  run(sql: string, params: readonly unknown[]): Promise<WriteResult> {
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ sql, params, resolve, reject }) === 1) setImmediate(this.atEndOfTurn);
    });
  }

  /** Runs what waits: now, or when the transactions that are open have ended. */
  flush(): void {
    const writes = this.waiting;
    if (writes.length === 0) return;
    this.waiting = [];
    const failed = (error: unknown): void => {
      for (const { reject } of writes) reject(error);
    };
    void attempt(
      () =>
        then(
          this.connection.gate.enter(null, () => this.commit(writes)),
          tell,
        ),
      failed,
    );
  }

  /** @throws OperationalError if another process keeps the file locked: then nothing was tried. */
  private commit(writes: readonly Write[]): Answer[] {
    if (writes.length === 1) return writes.map((write) => this.write(write));
    this.connection.runNow('BEGIN IMMEDIATE', []);
    return this.commitTogether(writes) ?? writes.map((write) => this.write(write));
  }

  /** Undefined, and nothing stored, if the writes cannot be committed together: each then has to try alone. */
  private commitTogether(writes: readonly Write[]): Answer[] | undefined {
    const { connection } = this;
    const answers: Answer[] = [];
    try {
      for (const write of writes) {
        answers.push(this.write(write));
        // A full disk and its like have ended the transaction.
        if (!connection.inTransaction) return undefined;
      }
      connection.runNow('COMMIT', []);
      return answers;
    } catch {
      if (connection.inTransaction) connection.runNow('ROLLBACK', []);
      return undefined;
    }
  }

  private write({ sql, params, resolve, reject }: Write): Answer {
    try {
      const result = this.connection.runNow(sql, params);
      return () => resolve(result);
    } catch (error) {
      return () => reject(error);
    }
  }
}

function tell(answers: readonly Answer[]): void {
  for (const answer of answers) answer();
}
