/**
 * How what was not loaded with a row is loaded when somebody waits for it: a related row, a deferred field. Django 6.1:
 * `django.db.models.fetch_modes`; https://docs.djangoproject.com/en/6.1/topics/db/fetch-modes/
 */
import { FieldFetchBlocked } from '../../core/exceptions';
import type { MaybePromise } from '../../utils/maybe_promise';

/** Something that is loaded for an instance. */
export interface Fetcher {
  /** Its name in messages. */
  readonly name: string;
  /** Whether an instance could have it and has it not. */
  isMissing(instance: object): boolean;
  fetchOne(instance: object): MaybePromise<void>;
  /** @param among the rows of the query that the instances come from. */
  fetchMany(instances: readonly object[], among: readonly object[]): MaybePromise<void>;
}

/** A fetch mode. */
export interface FetchMode {
  /** Whether the rows of a query have to know each other. */
  readonly trackPeers: boolean;
  /** @param peers the rows of the query that the instance came from, where they are known. */
  fetch(fetcher: Fetcher, instance: object, peers: readonly object[] | undefined): MaybePromise<void>;
}

/** Loads it for the one instance that is asked. */
export const FETCH_ONE: FetchMode = {
  trackPeers: false,
  fetch: (fetcher, instance) => fetcher.fetchOne(instance),
};

/** Loads it for all rows of the query that the instance came from, in one statement. The default. */
export const FETCH_PEERS: FetchMode = {
  trackPeers: true,
  fetch: (fetcher, instance, peers) => {
    if (peers === undefined || peers.length < 2) return fetcher.fetchOne(instance);
    const missing = peers.filter((peer) => peer === instance || fetcher.isMissing(peer));
    return missing.length > 1 ? fetcher.fetchMany(missing, peers) : fetcher.fetchOne(instance);
  },
};

/** Loads nothing. @throws FieldFetchBlocked. */
export const FETCH_RAISE: FetchMode = {
  trackPeers: false,
  fetch: (fetcher, instance) => {
    throw new FieldFetchBlocked(`Fetching of ${instance.constructor.name}.${fetcher.name} blocked.`);
  },
};
