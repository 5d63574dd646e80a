/** What commands say of migrations that go two ways. */
import { CommandError } from './errors';

/** The error where apps have several last migrations. */
export function conflicting(conflicts: ReadonlyMap<string, readonly string[]>): CommandError {
  const names = [...conflicts].map(([app, leaves]) => `${leaves.join(', ')} in ${app}`).join('; ');
  return new CommandError(
    `Conflicting migrations detected; multiple leaf nodes in the migration graph: (${names}).\nTo fix them run ` +
      "'manage.ts makemigrations --merge', or '--rebase' while one of them is applied nowhere.",
  );
}
