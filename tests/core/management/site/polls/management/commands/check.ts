import { BaseCommand } from 'tsango/core/management';

/** Stands in for the framework's own. */
export class Command extends BaseCommand {
  override requiresSystemChecks = [];
  override handle(): string {
    return 'polls checks';
  }
}
