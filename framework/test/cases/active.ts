/** The cases that are set up and not taken down yet: runners differ in whose `afterAll` comes first. */

/** A case that can be taken down. */
export interface ActiveCase {
  end(): Promise<void>;
}

const active = new Set<ActiveCase>();

/** Notes that a case is set up. */
export function began(each: ActiveCase): void {
  active.add(each);
}

/** Whether a case was set up and is now to be taken down: once. */
export function endsNow(each: ActiveCase): boolean {
  return active.delete(each);
}

/** Takes down what is left, the last one first: before the databases go. */
export async function endCases(): Promise<void> {
  for (const each of [...active].reverse()) await each.end();
}
