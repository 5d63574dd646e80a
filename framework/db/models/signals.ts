/** Django: `django.db.models.signals`. */
import type { AppConfig } from '../../apps/config';
import { Signal } from '../../dispatch/dispatcher';
import type { PlanStep } from '../migrations/executor';

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
