/** What messages are sent by: a real mail server, files, standard output, memory. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { overrideSettings } from 'tsango/conf';
import {
  BadHeaderError,
  EmailMessage,
  EmailMultiAlternatives,
  getConnection,
  mailAdmins,
  mailManagers,
  outbox,
  sendMail,
  sendMassMail,
} from 'tsango/core/mail';
import { EmailBackend as SmtpBackend } from 'tsango/core/mail/backends/smtp';
import { callCommand } from 'tsango/core/management';
import '../../db/settings';
import { describeWith } from '../../support/services';
import { type Received, type ServerOptions, SmtpServer } from '../../support/smtp_server';
import { manage, Site } from '../../support/temporary_site';

const LOCMEM = { EMAIL_BACKEND: 'django.core.mail.backends.locmem.EmailBackend' };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-mail-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  outbox.length = 0;
});

describeWith('aiosmtpd', 'SMTP', () => {
  let server: SmtpServer;
  const start = async (options: ServerOptions = {}): Promise<void> => {
    server = await SmtpServer.start(options);
  };
  afterEach(() => server.stop());
  const settings = (more: object = {}) => ({ EMAIL_HOST: '127.0.0.1', EMAIL_PORT: server.port, ...more });
  const only = (): Received => server.received[0] as Received;

  /** A certificate for 127.0.0.1 that nobody vouches for. */
  const certificate = (): { certificate: string; key: string } => {
    const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
    execFileSync(
      'openssl',
      `req -x509 -newkey rsa:2048 -nodes -keyout ${key} -out ${cert} -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1`.split(
        ' ',
      ),
      { stdio: 'ignore' },
    );
    return { certificate: cert, key };
  };

  it('a message arrives as it was written, and blind copies are told to nobody', async () => {
    await start();
    await overrideSettings(settings(), async () => {
      const message = new EmailMultiAlternatives(
        'Grüße',
        'Zoë\n.\n..\nFrom\n',
        'Ada <ada@example.com>',
        ['Jö <to@exämple.com>'],
        {
          cc: ['cc@example.com'],
          bcc: ['secret@example.com'],
        },
      );
      message.attachAlternative('<p>Zoë</p>', 'text/html');
      message.attach('a.bin', Buffer.from([0, 255, 13, 10]));
      expect(await message.send()).toBe(1);
      expect(only().sender).toBe('ada@example.com');
      expect(only().recipients).toEqual(['to@xn--exmple-cua.com', 'cc@example.com', 'secret@example.com']);
      expect(only().content).not.toContain('secret');
      const sent = message.message().asBytes('\r\n').toString('latin1');
      const bare = (text: string): string => text.replace(/={15}\d+==|Message-ID: .*|Date: .*/g, '');
      expect(bare(only().content)).toBe(bare(sent));
      expect(only()).toMatchObject({ encrypted: false, user: null });
    });
  });

  it('many messages share a connection; each call has its own', async () => {
    await start();
    await overrideSettings(settings(), async () => {
      const sent = await sendMassMail([
        ['A', 'a', null, ['a@example.com']],
        ['B', 'b', null, []],
        ['C', 'c', null, ['c@example.com']],
      ]);
      expect(sent).toBe(2);
      expect(new Set(server.received.map(({ connection }) => connection)).size).toBe(1);
      await sendMail('D', 'd', null, ['d@example.com']);
      expect(server.received[2]?.connection).not.toBe(server.received[0]?.connection);
      await getConnection().using(async (connection) => {
        await Promise.all(
          [1, 2, 3].map((at) => sendMail(`E${at}`, '', null, ['e@example.com'], { connection })),
        );
      });
      expect(new Set(server.received.slice(3).map(({ connection }) => connection)).size).toBe(1);
      expect(server.received).toHaveLength(6);
    });
  });

  it('logs in; a wrong password is an error, or silent', async () => {
    await start({ user: 'ada', password: 'secret word' });
    await overrideSettings(
      settings({ EMAIL_HOST_USER: 'ada', EMAIL_HOST_PASSWORD: 'secret word' }),
      async () => {
        expect(await sendMail('A', 'a', null, ['a@example.com'])).toBe(1);
        expect(only().user).toBe('ada');
        await expect(sendMail('A', 'a', null, ['a@example.com'], { authPassword: 'no' })).rejects.toThrow(
          /Invalid login: 535/,
        );
        expect(
          await sendMail('A', 'a', null, ['a@example.com'], { authPassword: 'no', failSilently: true }),
        ).toBe(0);
      },
    );
    expect(server.received).toHaveLength(1);
  });

  it.each(['starttls', 'ssl'] as const)(
    '%s: a certificate that nobody vouches for is refused',
    async (mode) => {
      await start({ mode, ...certificate() });
      const use = mode === 'ssl' ? { EMAIL_USE_SSL: true } : { EMAIL_USE_TLS: true };
      await overrideSettings(settings(use), async () => {
        await expect(sendMail('A', 'a', null, ['a@example.com'])).rejects.toThrow(/self-signed certificate/);
      });
      expect(server.received).toHaveLength(0);
    },
  );

  it.each(['starttls', 'ssl'] as const)(
    '%s: sendtestemail, by a server that is known',
    async (mode) => {
      const files = certificate();
      await start({ mode, ...files });
      const security = mode === 'ssl' ? 'EMAIL_USE_SSL' : 'EMAIL_USE_TLS';
      const site = new Site({
        'settings.ts': `import { defineSettings } from 'tsango/conf';
        export default defineSettings({
          SECRET_KEY: 'x', EMAIL_HOST: '127.0.0.1', EMAIL_PORT: ${server.port}, ${security}: true,
          MANAGERS: [['M', 'm@example.com']],
        });`,
      });
      try {
        const env = { NODE_EXTRA_CA_CERTS: files.certificate };
        const ended = await manage(site.root, ['sendtestemail', 'a@example.com', '--managers'], env).ended;
        expect(ended).toMatchObject({ status: 0, stderr: '' });
        expect(server.received.map(({ recipients, encrypted }) => [...recipients, encrypted])).toEqual([
          ['a@example.com', true],
          ['m@example.com', true],
        ]);
      } finally {
        site.remove();
      }
    },
    60_000,
  );

  it('CVE-2026-7666: a server that does not speak TLS gets nothing where TLS is wanted, silently or not', async () => {
    await start();
    await overrideSettings(settings({ EMAIL_USE_TLS: true }), async () => {
      await expect(sendMail('A', 'a', null, ['a@example.com'])).rejects.toThrow(/STARTTLS|TLS/);
      const connection = getConnection(null, { failSilently: true });
      for (let time = 0; time < 3; time++) {
        expect(await sendMail('A', 'a', null, ['a@example.com'], { connection })).toBe(0);
      }
      await connection.close();
    });
    expect(server.received).toHaveLength(0);
    expect(() => new SmtpBackend({ useTls: true, useSsl: true })).toThrow(/mutually exclusive/);
  });

  it('an address that is refused does not keep the others from it', async () => {
    await start();
    await overrideSettings(settings(), async () => {
      expect(await sendMail('A', 'a', null, ['refused@example.com', 'a@example.com'])).toBe(1);
      expect(only().recipients).toEqual(['a@example.com']);
      await expect(sendMail('A', 'a', null, ['refused@example.com'])).rejects.toThrow(/no such user/);
      expect(await sendMail('A', 'a', null, ['refused@example.com'], { failSilently: true })).toBe(0);
    });
  });

  it('nobody listens: an error that says where, or silence', async () => {
    await start();
    const { port } = server;
    await server.stop();
    await overrideSettings({ EMAIL_HOST: '127.0.0.1', EMAIL_PORT: port, EMAIL_TIMEOUT: 5 }, async () => {
      await expect(sendMail('A', 'a', null, ['a@example.com'])).rejects.toThrow(
        new RegExp(`ECONNREFUSED.*${port}`),
      );
      expect(await sendMail('A', 'a', null, ['a@example.com'], { failSilently: true })).toBe(0);
    });
  });

  it('no header and no command can be slipped in', async () => {
    await start();
    await overrideSettings(settings(), async () => {
      const bad = [
        () => sendMail('A\r\nBcc: x@example.com', 'a', null, ['a@example.com']),
        () => sendMail('A', 'a', 'a@example.com>\r\nRCPT TO:<x@example.com', ['a@example.com']),
        () => sendMail('A', 'a', null, ['a@example.com\r\nRCPT TO:<x@example.com>']),
        () =>
          new EmailMessage('A', 'a', null, ['a@example.com'], {
            headers: { 'X-A\r\nBcc': 'x@example.com' },
          }).send(),
        () =>
          new EmailMessage('A', 'a', null, ['a@example.com'], {
            replyTo: ['a@example.com\nBcc: x@example.com'],
          }).send(),
      ];
      for (const send of bad) await expect(send()).rejects.toThrow(/newline|Header/);
      // What looks like two addresses is one, or none.
      await expect(sendMail('A', 'a', null, ['a@example.com, x@example.com'])).rejects.toThrow(
        /Invalid address/,
      );
    });
    expect(server.received).toHaveLength(0);
  });
});

describe('other backends', () => {
  it('memory keeps messages as they were sent', async () => {
    await overrideSettings(LOCMEM, async () => {
      const message = new EmailMessage('A', 'a', null, ['a@example.com']);
      expect(await message.send()).toBe(1);
      message.subject = 'B';
      message.to.push('b@example.com');
      expect(outbox).toHaveLength(1);
      expect(outbox[0]).toBeInstanceOf(EmailMessage);
      expect(outbox[0]).toMatchObject({
        subject: 'A',
        to: ['a@example.com'],
        fromEmail: 'webmaster@localhost',
      });
      await expect(sendMail('A\nB', '', null, ['a@example.com'])).rejects.toThrow(BadHeaderError);
      expect(await sendMail('A', '', null, [])).toBe(0);
    });
  });

  it('the console and files have the message and a line', async () => {
    let printed = '';
    const connection = getConnection('django.core.mail.backends.console.EmailBackend', {
      stream: {
        write: (text: string) => {
          printed += text;
        },
      },
    });
    await sendMail('A', 'body', null, ['a@example.com'], { connection });
    expect(printed).toMatch(/^Content-Type: .*\n\nbody\n-{79}\n$/s);
    const EMAIL_FILE_PATH = path.join(folder, 'sent', 'mail');
    await overrideSettings(
      { EMAIL_BACKEND: 'django.core.mail.backends.filebased.EmailBackend', EMAIL_FILE_PATH },
      async () => {
        await sendMassMail([
          ['A', 'zoë', null, ['a@example.com']],
          ['B', 'b', null, ['b@example.com']],
        ]);
        await sendMail('C', 'c', null, ['c@example.com']);
      },
    );
    const files = readdirSync(EMAIL_FILE_PATH).sort();
    expect(files).toHaveLength(2);
    const [first, second] = files.map((name) => readFileSync(path.join(EMAIL_FILE_PATH, name), 'utf8'));
    expect(first?.match(/^-{79}$/gm)).toHaveLength(2);
    expect(first).toContain('zoë');
    expect(second).toContain('Subject: C');
    expect(statSync(path.join(EMAIL_FILE_PATH, files[0] as string)).mode & 0o077).toBe(0);
  });

  it('a folder that is none is named', () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    const backend = 'tsango.core.mail.backends.filebased.EmailBackend';
    expect(() => getConnection(backend, { filePath: file })).toThrow(
      `Path for saving email messages exists, but is not a directory: ${file}`,
    );
    expect(() => getConnection(backend)).toThrow('The file backend of mail needs EMAIL_FILE_PATH, a folder.');
    chmodSync(file, 0o600);
  });

  it('admins and managers, by pairs or addresses', async () => {
    const people = { ADMINS: [['Ada', 'ada@example.com'], 'bob@example.com'] as const, MANAGERS: [] };
    await overrideSettings({ ...LOCMEM, ...people, EMAIL_SUBJECT_PREFIX: '[site] ' }, async () => {
      await mailAdmins('Down', 'text', { htmlMessage: '<p/>' });
      await mailManagers('Nobody', 'text');
      expect(outbox).toHaveLength(1);
      expect(outbox[0]).toMatchObject({
        subject: '[site] Down',
        to: ['ada@example.com', 'bob@example.com'],
        fromEmail: 'root@localhost',
        alternatives: [{ content: '<p/>', mimetype: 'text/html' }],
      });
      await callCommand('sendtestemail', 'x@example.com', { admins: true });
      expect(outbox.slice(1).map(({ to }) => to)).toEqual([
        ['x@example.com'],
        ['ada@example.com', 'bob@example.com'],
      ]);
      await expect(callCommand('sendtestemail')).rejects.toThrow(/You must specify some email recipients/);
    });
  });

  it('people are a list', () => {
    expect(() => new EmailMessage('A', 'a', null, 'a@example.com' as never)).toThrow(
      new TypeError('"to" argument must be a list'),
    );
    expect(() => new EmailMessage('A', 'a', null, [], { cc: 'a@example.com' as never })).toThrow(
      new TypeError('"cc" argument must be a list'),
    );
  });
});
