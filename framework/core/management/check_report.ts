/** What commands print of the system checks and of unapplied migrations. */
import { settings } from '../../conf';
import { type CheckMessage, CRITICAL, DEBUG, ERROR, INFO, runChecks, WARNING } from '../checks';
import { ImproperlyConfigured } from '../exceptions';
import type { CheckOptions } from './base';
import type { Style } from './color';
import { SystemCheckError } from './errors';
import type { OutputWrapper } from './output';

interface Printer {
  readonly style: Style;
  readonly stdout: OutputWrapper;
  readonly stderr: OutputWrapper;
}

const GROUPS: readonly (readonly [name: string, from: number, below: number])[] = [
  ['CRITICALS', CRITICAL, Number.POSITIVE_INFINITY],
  ['ERRORS', ERROR, CRITICAL],
  ['WARNINGS', WARNING, ERROR],
  ['INFOS', INFO, WARNING],
  ['DEBUGS', Math.min(DEBUG, 0), INFO],
];

function formatGroups(issues: readonly CheckMessage[], style: Style): string {
  let body = '';
  for (const [name, from, below] of GROUPS) {
    const group = issues.filter((issue) => issue.level >= from && issue.level < below);
    if (group.length === 0) continue;
    const lines = group
      .map((issue) => (issue.isSerious() ? style.ERROR(issue.toString()) : style.WARNING(issue.toString())))
      .sort();
    body += `\n${name}:\n${lines.join('\n')}\n`;
  }
  return body;
}

/** Runs the checks and prints them as Django does; see `BaseCommand.check`. */
export async function reportChecks(command: Printer, options: CheckOptions): Promise<void> {
  const { displayNumErrors = false, failLevel = ERROR, ...run } = options;
  const all = await runChecks(run);
  const visible = all.filter((issue) => !issue.isSilenced());
  const header = visible.length > 0 ? 'System check identified some issues:\n' : '';
  const body = formatGroups(visible, command.style);
  let footer = '';
  if (displayNumErrors) {
    const count =
      visible.length === 0 ? 'no issues' : visible.length === 1 ? '1 issue' : `${visible.length} issues`;
    const silenced = all.length - visible.length;
    footer = `${visible.length > 0 ? '\n' : ''}System check identified ${count} (${silenced} silenced).`;
  }
  if (visible.some((issue) => issue.isSerious(failLevel))) {
    throw new SystemCheckError(command.style.ERROR(`SystemCheckError: ${header}`) + body + footer);
  }
  const message = header + body + footer;
  if (!message) return;
  if (visible.length > 0) command.stderr.write(message, (text) => text);
  else command.stdout.write(message);
}

/** Prints Django's warning of unapplied migrations; a site without a database has none. */
export async function reportMigrations(command: Printer): Promise<void> {
  if (Object.keys(settings.DATABASES).length === 0) return;
  let waiting: readonly { appLabel: string }[];
  try {
    const pending = require('../../db/migrations/pending') as typeof import('../../db/migrations/pending');
    waiting = await pending.unappliedMigrations();
  } catch (error) {
    if (error instanceof ImproperlyConfigured) return;
    throw error;
  }
  if (waiting.length === 0) return;
  const apps = [...new Set(waiting.map((migration) => migration.appLabel))].sort().join(', ');
  const { NOTICE } = command.style;
  command.stdout.write(
    NOTICE(
      `\nYou have ${waiting.length} unapplied migration(s). Your project may not work properly until you apply the ` +
        `migrations for app(s): ${apps}.`,
    ),
  );
  command.stdout.write(NOTICE("Run 'ts-node manage.ts migrate' to apply them."));
}
