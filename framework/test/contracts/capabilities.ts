/** Tests that need what not every backend can do. */

/** Declares a test that needs a capability; where that is missing, notes the reason, which is the capability's text. */
export type Given = (capability: true | string, title: string, body: () => Promise<void>) => void;

/** `given` for one suite. What it leaves out is printed at the end: it is no test that somebody forgot. */
export function givenFor(contract: string, name: string): Given {
  const leftOut = new Map<string, string[]>();
  afterAll(() => {
    for (const [reason, titles] of leftOut) {
      process.stdout.write(`${contract} contract: ${name} leaves out ${titles.length} tests: ${reason}\n`);
    }
  });
  return (capability, title, body) => {
    if (capability === true) it(title, body);
    else leftOut.set(capability, [...(leftOut.get(capability) ?? []), title]);
  };
}
