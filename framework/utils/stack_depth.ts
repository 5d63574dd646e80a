/** How much of a stack errors remember. */

/** What the framework, an ORM and a driver put on top of a line of the site's is more than V8's ten calls. */
const STACK_DEPTH = 50;

/** Lets errors name the line of the site that led to them, behind the frames of the framework and of drivers. */
export function deepenStacks(): void {
  if (Error.stackTraceLimit < STACK_DEPTH) Error.stackTraceLimit = STACK_DEPTH;
}
