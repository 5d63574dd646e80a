/** The labels of apps that a command line names. */
import { apps, LookupError } from '../../apps/registry';
import { CommandError } from './errors';

/** Names the labels that no installed app has. @throws CommandError with status 2 if there is one. */
export function refuseUnknownLabels(
  labels: readonly string[],
  stderr: { write(text: string): unknown },
): void {
  let bad = false;
  for (const label of labels) {
    try {
      apps.getAppConfig(label);
    } catch (error) {
      if (!(error instanceof LookupError)) throw error;
      stderr.write(error.message);
      bad = true;
    }
  }
  if (bad) throw new CommandError('', { returncode: 2 });
}

/** @throws CommandError if no installed app has the label. */
export function requireApp(label: string): void {
  try {
    apps.getAppConfig(label);
  } catch (error) {
    if (error instanceof LookupError) throw new CommandError(error.message);
    throw error;
  }
}
