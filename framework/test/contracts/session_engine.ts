/**
 * What every session engine must do: a suite for jest (or another runner with `describe`, `it` and `expect`), run
 * here over every engine and store, and by whoever writes an engine over theirs.
 *
 * @example
 * ```ts
 * sessionEngineContract({
 *   name: 'mysite.sessions',
 *   SessionStore: () => SessionStore,
 *   advance: (seconds) => sleep(seconds * 1000),
 * });
 * ```
 */
import type { SessionStoreClass } from '../../contrib/sessions/backends/base';
import type { MaybePromise } from '../../utils/maybe_promise';
import { givenFor } from './capabilities';
import { expiryOf } from './session_engine/expiry';
import { FULL, type SessionEngineCapabilities, type SessionEngineHarness } from './session_engine/harness';
import { itemsOf } from './session_engine/items';
import { lifecycleOf } from './session_engine/lifecycle';
import { requestsOf } from './session_engine/requests';
import { sweepsOf } from './session_engine/sweeps';

export type { SessionEngineCapabilities, SessionEngineHarness };

/** Declares the suite of one engine. */
export function sessionEngineContract(options: {
  /** What the tests are called. */
  name: string;
  /** The engine's class; asked for within the tests, when the settings are in place. */
  SessionStore: () => SessionStoreClass;
  /** Lets time pass for the engine and its store: sets a fake clock forward, or waits. */
  advance: (seconds: number) => MaybePromise<void>;
  /** What the engine cannot do, each with its reason. */
  capabilities?: Partial<SessionEngineCapabilities>;
  /** Overwrites what is stored of a session with rubbish. Without it those tests are skipped. */
  corrupt?: (sessionKey: string) => MaybePromise<void>;
}): void {
  describe(`session engine contract: ${options.name}`, () => {
    const harness: SessionEngineHarness = {
      ...options,
      capabilities: { ...FULL, ...options.capabilities },
      given: givenFor('session engine', options.name),
    };
    itemsOf(harness);
    lifecycleOf(harness);
    expiryOf(harness);
    requestsOf(harness);
    sweepsOf(harness);
  });
}
