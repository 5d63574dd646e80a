/** Django: `django.db.models.signals`; https://docs.djangoproject.com/en/5.2/ref/signals/ */

import type { AppConfig } from '../../apps/config';
import { type Receiver, Signal } from '../../dispatch/dispatcher';
import type { PlanStep } from '../migrations/executor';
import type { Model, ModelClass } from './base';
import { modelKey } from './model_key';

/** Whose announcements are heard: those of a model, by its class or as `'app.Model'`. */
export type ModelSender<T extends Model = Model> = (abstract new (...args: never[]) => T) | string;

/** How a receiver is connected. */
interface Connection<T extends Model> {
  /** A model's class, or `'app.Model'`, which need not be loaded yet. */
  sender?: ModelSender<T>;
  dispatchUid?: unknown;
}

/** A signal that models send. */
class ClassSignal<Args extends object> extends Signal<Args, ModelClass> {
  override connect(receiver: Receiver<Args, ModelClass>, options: Connection<Model> = {}): void {
    super.connect(receiver, subscription(options));
  }

  override disconnect(receiver?: Receiver<Args, ModelClass>, options: Connection<Model> = {}): boolean {
    return super.disconnect(receiver, subscription(options));
  }

  /** Who listens to a model by its name. */
  lazySenders(): { receiver: Receiver<Args, ModelClass>; sender: string }[] {
    return this.subscriptions.flatMap(({ receiver, sender }) =>
      typeof sender === 'string' ? [{ receiver, sender }] : [],
    );
  }

  protected override isMeant(wanted: unknown, sender: ModelClass | undefined): boolean {
    if (typeof wanted === 'string') return sender?._meta.key === wanted;
    return super.isMeant(wanted, sender);
  }
}

function subscription({ sender, ...rest }: Connection<Model>): {
  sender?: ModelClass;
  dispatchUid?: unknown;
} {
  if (sender === undefined) return rest;
  const known = typeof sender === 'string' ? modelKey(sender) : sender;
  return { ...rest, sender: known as unknown as ModelClass };
}

/** What a receiver is called with; the instance is one of the sender. */
type ModelReceiver<Args extends object, T extends Model> = Receiver<Args & { instance: T }, ModelClass>;

/**
 * A signal about an instance. Receivers are called in order, and a promise of one is waited for before the next.
 *
 * @example
 * ```ts
 * postSave.connect(({ instance, created }) => created && notify(instance.headline), { sender: Article });
 * ```
 */
export class ModelSignal<Args extends object = Record<never, never>> extends ClassSignal<
  Args & { instance: Model }
> {
  override connect<T extends Model>(receiver: ModelReceiver<Args, T>, options: Connection<T> = {}): void {
    super.connect(receiver as never, options);
  }

  override disconnect<T extends Model>(
    receiver?: ModelReceiver<Args, T>,
    options: Connection<T> = {},
  ): boolean {
    return super.disconnect(receiver as never, options);
  }
}

/** What is told about an instance that is saved. */
export interface SaveArguments {
  /** The values are written as they are: a fixture is loaded. Other rows need not be there yet. */
  raw: boolean;
  /** The alias of the database. */
  using: string;
  /** The names that `save` was told to write; null: all. */
  updateFields: ReadonlySet<string> | null;
}

/** What is told about an instance that is deleted. */
export interface DeleteArguments {
  using: string;
  /** The instance or the QuerySet whose `delete()` it is. */
  origin: unknown;
}

/** What is told about a many-to-many relation that changes. The sender is the model of the table in between. */
export interface ManyToManyArguments {
  action: 'pre_add' | 'post_add' | 'pre_remove' | 'post_remove' | 'pre_clear' | 'post_clear';
  /** Whether it is changed from the other side. */
  reverse: boolean;
  /** The model of the rows that are added or removed. */
  model: ModelClass;
  /** Their keys; null for clear. */
  pkSet: ReadonlySet<unknown> | null;
  using: string;
}

/** A model's class has been described: it knows its fields. */
export const classPrepared = new ClassSignal<Record<never, never>>();
/** Before an instance gets its values. Receivers are not waited for: making an instance is no promise. */
export const preInit = new ClassSignal<{ values: Readonly<Record<string, unknown>> }>();
/** After an instance has got its values, also those of a row. Receivers are not waited for. */
export const postInit = new ModelSignal();
/** Before a row is written. */
export const preSave = new ModelSignal<SaveArguments>();
/** After a row has been written; `created`: it is new. */
export const postSave = new ModelSignal<SaveArguments & { created: boolean }>();
/** Before a row is deleted. */
export const preDelete = new ModelSignal<DeleteArguments>();
/** After a row has been deleted. The instance still has its key. */
export const postDelete = new ModelSignal<DeleteArguments>();
/** Around a change of a many-to-many relation. */
export const m2mChanged = new ModelSignal<ManyToManyArguments>();

/** What the receivers around `migrate` are told; sent once for each app, with the app as the sender. */
export interface MigrateArguments {
  verbosity: number;
  interactive: boolean;
  using: string;
  plan: readonly PlanStep[];
}

/** Before `migrate` runs. */
export const preMigrate = new Signal<MigrateArguments, AppConfig>();
/** After `migrate` has run. */
export const postMigrate = new Signal<MigrateArguments, AppConfig>();
