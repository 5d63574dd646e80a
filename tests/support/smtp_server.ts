/** A real mail server for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { SERVICES } from './services';

/** A message as the server got it. */
export interface Received {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly content: string;
  readonly encrypted: boolean;
  readonly user: string | null;
  /** Which connection it came by. */
  readonly connection: number;
  readonly host: string;
}

/** How a server listens. */
export interface ServerOptions {
  readonly mode?: 'plain' | 'starttls' | 'ssl';
  readonly certificate?: string;
  readonly key?: string;
  readonly user?: string;
  readonly password?: string;
}

/** A server that was started, and what it has got. */
export class SmtpServer {
  readonly received: Received[] = [];

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static start({
    mode = 'plain',
    certificate = '',
    key = '',
    user = '',
    password = '',
  }: ServerOptions = {}): Promise<SmtpServer> {
    const script = path.join(__dirname, 'smtp_server.py');
    const child = spawn(SERVICES.python, [script, certificate, key, mode, user, password], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    return new Promise((resolve, reject) => {
      let server: SmtpServer | undefined;
      child.once('exit', () => reject(new Error(`The mail server ended: ${said}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const told = JSON.parse(line) as Received & { port?: number };
        if (told.port === undefined) server?.received.push(told);
        else {
          server = new SmtpServer(child, told.port);
          resolve(server);
        }
      });
    });
  }

  /** Ends it, and waits until nobody listens any more. */
  async stop(): Promise<void> {
    this.child.removeAllListeners('exit');
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill();
    await ended;
  }
}
