/** Who answers the questions of commands that write migrations, and what comes of one that is not answered. */
import { CommandError } from './errors';

/**
 * Runs what may ask.
 *
 * @param asks what may hold a terminal open.
 * @throws CommandError where whoever was asked leaves, with Django's status 3.
 */
export async function asking<T>(asks: object | undefined, body: () => Promise<T>): Promise<T> {
  const { QuestionerExit } =
    require('../../db/migrations/terminal_questioner') as typeof import('../../db/migrations/terminal_questioner');
  const { NobodyAnswers } = require('../../utils/prompts') as typeof import('../../utils/prompts');
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof QuestionerExit || error instanceof NobodyAnswers)) throw error;
    throw new CommandError(error.message, { returncode: 3 });
  } finally {
    (asks as { close?(): void } | undefined)?.close?.();
  }
}
