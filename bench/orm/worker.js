'use strict';
/**
 * One peer in a process of its own: a line of JSON on stdin is what to do, a line on stdout what came of it.
 * `{ op, count, from, answer }` → `{ cpu, wall, answer }`: microseconds an operation, and the answer of the last one.
 */
const readline = require('node:readline');
const [, , name, file, scale] = process.argv;
const peer = require(`./peers/${name}.js`);

async function run({ op, count, from, answer }, ops) {
  const operation = ops[op];
  if (operation === undefined) return { missing: true };
  let last;
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  for (let at = from; at < from + count; at++) last = await operation.run(at);
  const wall = Number(process.hrtime.bigint() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const each = operation.rows ?? 1;
  return {
    cpu: (user + system) / count / each,
    wall: wall / count / each,
    ...(answer && { answer: await operation.answer(last) }),
  };
}

async function main() {
  const ops = await peer.open(file, { books: Number(scale) });
  process.stdout.write(`${JSON.stringify({ ready: Object.keys(ops) })}\n`);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let result;
    try {
      result = await run(JSON.parse(line), ops);
    } catch (error) {
      result = { error: String(error?.stack ?? error) };
    }
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
}

main().catch((error) => {
  process.stdout.write(`${JSON.stringify({ error: String(error?.stack ?? error) })}\n`);
  process.exitCode = 1;
});
