/** Django: `django.db.migrations.exceptions`. */
import { DatabaseError } from '../errors';

class MigrationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** More than one migration matches a name prefix. */
export class AmbiguityError extends MigrationError {}
/** A migration file that holds no migration. */
export class BadMigrationError extends MigrationError {}
/** Migrations depend on each other in a circle; the message is the circle. */
export class CircularDependencyError extends MigrationError {}
/** A migration is applied and one that it depends on is not. */
export class InconsistentMigrationHistory extends MigrationError {}
/** A model extends one that is not there. */
export class InvalidBasesError extends MigrationError {}
/** A plan that goes both ways. */
export class InvalidMigrationPlan extends MigrationError {}
/** A migration cannot be unapplied. */
export class IrreversibleError extends MigrationError {}

/** A migration depends on one that is not there. */
export class NodeNotFoundError extends MigrationError {
  /** @param node the migration that is missing, as `app.name`. */
  constructor(
    message: string,
    readonly node: string,
    readonly origin?: unknown,
  ) {
    super(message);
  }
}

/** The django_migrations table cannot be made. */
export class MigrationSchemaMissing extends DatabaseError {}
