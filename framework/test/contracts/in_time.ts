/** What a contract says of time, on a machine that may be busy. */

const TRIES = 3;

/**
 * Runs `attempt`. A failure after more than those seconds says little: what should have been there still may have
 * ended by then, because the machine was busy. It begins again; a failure within them, or the last one, counts.
 */
export async function inTime(seconds: number, attempt: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    const begun = performance.now();
    try {
      await attempt();
      return;
    } catch (error) {
      if (tries === TRIES || performance.now() - begun <= seconds * 1000) throw error;
    }
  }
}
