/**
 * A constant rate of requests, from a process of its own: each is sent when it is due, whether or not the answers
 * before it have come, and its latency counts from the moment that it was due. So a server that stalls cannot hide
 * it by stopping the clock. wrk sends as fast as the answers come, and autocannon sends a second's requests at once at
 * the second's beginning; neither says what a user waits at an even load.
 *
 *   node -r ts-node/register bench/fixed_rate.ts '{"url": …}'
 */
import net from 'node:net';
import type { RateJob, RateResult } from './rate';
import { percentileOf } from './statistics';

const CONTENT_LENGTH = /\r\ncontent-length: (\d+)/i;
const DRAIN_MS = 5000;

/** One connection with one request at a time. */
class Line {
  private socket: net.Socket | undefined;
  private received = '';
  private due = 0;

  constructor(
    private readonly port: number,
    private readonly done: (line: Line, due: number, right: boolean) => void,
  ) {}

  async open(): Promise<void> {
    const socket = net.connect(this.port, '127.0.0.1');
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.removeAllListeners('error');
    socket.setNoDelay(true).setEncoding('latin1');
    socket.on('data', (chunk: string) => this.read(chunk));
    socket.on('error', () => undefined); // 'close' follows
    socket.once('close', () => this.closed());
    this.socket = socket;
  }

  send(request: string, due: number): void {
    this.due = due;
    if (this.socket?.writable) this.socket.write(request);
    else
      this.open().then(
        () => this.socket?.write(request),
        () => this.finish(false),
      );
  }

  close(): void {
    this.socket?.destroy();
  }

  private read(chunk: string): void {
    this.received += chunk;
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = CONTENT_LENGTH.exec(this.received.slice(0, end))?.[1];
    // Without a length the body ends with the connection.
    if (length === undefined || this.received.length < end + 4 + Number(length)) return;
    this.finish(this.received.startsWith('HTTP/1.1 200 '));
  }

  private closed(): void {
    this.socket = undefined;
    if (this.due)
      this.finish(this.received.startsWith('HTTP/1.1 200 ') && this.received.includes('\r\n\r\n'));
  }

  private finish(right: boolean): void {
    const { due } = this;
    this.due = 0;
    this.received = '';
    this.done(this, due, right);
  }
}

/** Sends the requests and waits for the answers. */
async function run({ url, path, cookies, rate, seconds, connections }: RateJob): Promise<RateResult> {
  const { port, host } = new URL(url);
  const requests = (cookies.length > 0 ? cookies : ['']).map(
    (cookie) => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${cookie && `Cookie: ${cookie}\r\n`}\r\n`,
  );
  const latencies: number[] = [];
  let failed = 0;
  const free: Line[] = [];
  const waiting: number[] = [];
  let turn = 0;
  const next = (): string => requests[turn++ % requests.length] ?? '';
  const done = (line: Line, due: number, right: boolean): void => {
    if (right) latencies.push(performance.now() - due);
    else failed++;
    const late = waiting.shift();
    if (late === undefined) free.push(line);
    else line.send(next(), late);
  };
  const lines = Array.from({ length: connections }, () => new Line(Number(port), done));
  await Promise.all(lines.map((line) => line.open()));
  free.push(...lines);
  const total = Math.round(rate * seconds);
  const begin = performance.now();
  let sent = 0;
  await new Promise<void>((resolve) => {
    // Timers know milliseconds alone, so the loop turns without rest; it has its processor for itself.
    const tick = (): void => {
      const now = performance.now();
      for (; sent < total && begin + (sent * 1000) / rate <= now; sent++) {
        const due = begin + (sent * 1000) / rate;
        const line = free.shift();
        if (line) line.send(next(), due);
        else waiting.push(due);
      }
      const answered = latencies.length + failed;
      if (answered >= total || now > begin + seconds * 1000 + DRAIN_MS) resolve();
      else setImmediate(tick);
    };
    tick();
  });
  const elapsed = (performance.now() - begin) / 1000;
  for (const line of lines) line.close();
  latencies.sort((a, b) => a - b);
  return {
    answered: latencies.length,
    failed: total - latencies.length,
    rate: latencies.length / elapsed,
    p50: percentileOf(latencies, 50),
    p99: percentileOf(latencies, 99),
    p999: percentileOf(latencies, 99.9),
    max: latencies.at(-1) ?? Number.NaN,
  };
}

run(JSON.parse(process.argv[2] ?? '{}') as RateJob).then(
  (result) => process.stdout.write(JSON.stringify(result)),
  (error: unknown) => {
    process.stderr.write(String(error));
    process.exitCode = 1;
  },
);
