import { BaseCommand } from 'tsango/core/management';

/** An earlier app has a command of this name. */
export class Command extends BaseCommand {
  override handle(): never {
    throw new Error('never called');
  }
}
