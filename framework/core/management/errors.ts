/** What a command fails with. Django: `django.core.management.base`. */

/** A command cannot do what it was asked; the message is for the person who asked. */
export class CommandError extends Error {
  /** The exit status of the process. */
  readonly returncode: number;

  constructor(message: string, options: ErrorOptions & { returncode?: number } = {}) {
    super(message, options);
    this.name = new.target.name;
    this.returncode = options.returncode ?? 1;
  }
}

/** The system checks found what the site cannot run with. The message is formatted already. */
export class SystemCheckError extends CommandError {}
