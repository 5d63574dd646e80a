import { BaseCommand } from 'tsango/core/management';

export class Command extends BaseCommand {
  override requiresSystemChecks = ['mytag'];
  override outputTransaction = true;
  override handle(): string {
    return 'DROP TABLE x;';
  }
}
