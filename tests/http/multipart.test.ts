import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { TemporaryUploadedFile, type UploadedFile, type UploadInfo } from 'tsango/core/files/uploadedfile';
import { SkipFile, StopUpload, UploadHandler } from 'tsango/core/files/uploadhandler';
import { HttpRequest, type RequestSource } from 'tsango/http';
import { sanitizeFileName } from 'tsango/http/multipartparser';
import { encodeMultipart } from 'tsango/test';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'uploads-'));
  configure({ SECRET_KEY: 'test', FILE_UPLOAD_TEMP_DIR: folder });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  resetSettings();
});

const leftovers = (): string[] => readdirSync(folder);

/** A request whose body comes in pieces of `size` bytes. */
function upload(
  body: Buffer | string,
  options: { size?: number; type?: string; fails?: boolean; length?: number | null } = {},
): HttpRequest {
  const { size = 1000, type = 'multipart/form-data; boundary=X', fails = false } = options;
  const bytes = Buffer.from(body);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
    if (fails) throw new Error('aborted');
  }
  const length = options.length === undefined ? bytes.length : options.length;
  const source: RequestSource = {
    method: 'POST',
    target: '/',
    headers: { 'content-type': type, ...(length === null ? {} : { 'content-length': String(length) }) },
    httpVersion: '1.1',
    scheme: 'http',
    remoteAddr: '',
    remotePort: 0,
    serverName: '',
    serverPort: 80,
    body: pieces(),
  };
  return new HttpRequest(source);
}

const part = (headers: string, content: string): string => `--X\r\n${headers}\r\n\r\n${content}\r\n`;
const field = (name: string, content: string): string =>
  part(`Content-Disposition: form-data; name="${name}"`, content);
const file = (name: string, filename: string, content: string, more = ''): string =>
  part(`Content-Disposition: form-data; name="${name}"; filename="${filename}"${more}`, content);
const END = '--X--\r\n';

async function loaded(request: HttpRequest): Promise<HttpRequest> {
  await request.load();
  return request;
}

describe('a multipart form', () => {
  it.each([1, 2, 3, 7, 64, 100_000])('is read whatever its pieces are (%i bytes)', async (size) => {
    const body = `preamble\r\n${field('a', '1')}${file('f', 'x.txt', 'line\r\n--Y not\r\n-', '\r\nContent-Type: text/plain; charset=koi8-r; x=y')}${field('a', '')}${END}epilogue`;
    const request = await loaded(upload(body, { size }));
    expect(request.POST.getlist('a')).toEqual(['1', '']);
    const uploaded = request.FILES['f'] as UploadedFile;
    expect(await uploaded.text()).toBe('line\r\n--Y not\r\n-');
    expect([
      uploaded.name,
      uploaded.size,
      uploaded.contentType,
      uploaded.charset,
      uploaded.contentTypeExtra,
    ]).toEqual(['x.txt', 16, 'text/plain', 'koi8-r', { charset: 'koi8-r', x: 'y' }]);
    expect(() => request.body).toThrow("You cannot access body after reading from request's data stream");
    await request.close();
  });

  it('round-trips anything that the test client writes', async () => {
    const name = fc
      .string({ minLength: 1, maxLength: 10, unit: fc.constantFrom('a', 'é', ' b', '清', '_') })
      .map((s) => s.trim() || 'x');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(name, fc.oneof(fc.string(), fc.uint8Array({ maxLength: 2000 }))), { maxLength: 6 }),
        fc.integer({ min: 1, max: 300 }),
        async (entries, size) => {
          const data = entries.map(([key, value], i) =>
            typeof value === 'string'
              ? ([key, value] as const)
              : ([key, { name: `${i}.bin`, content: value }] as const),
          );
          const request = await loaded(upload(encodeMultipart('X', data), { size }));
          const texts = entries.filter(([, value]) => typeof value === 'string');
          const files = entries.filter(([, value]) => typeof value !== 'string');
          for (const [key] of texts) {
            expect(request.POST.getlist(key)).toEqual(
              texts.filter(([k]) => k === key).map(([, value]) => value),
            );
          }
          for (const key of new Set(files.map(([name]) => name))) {
            const contents = await Promise.all(
              request.FILES.getlist(key).map(async (f) => [...((await f.read()) as Buffer)]),
            );
            expect(contents).toEqual(
              files.filter(([k]) => k === key).map(([, value]) => [...(value as Uint8Array)]),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('decodes base64', async () => {
    const coded = 'Content-Transfer-Encoding: base64';
    const body =
      part(`Content-Disposition: form-data; name="a"\r\n${coded}`, 'w6k=\r\n') +
      part(`Content-Disposition: form-data; name="b"\r\n${coded}`, 'not base64!') +
      file('f', 'x', 'aGVs\r\nbG8gd29y\r\nbGQ=', `\r\n${coded}`);
    for (const size of [1, 5, 1000]) {
      const request = await loaded(upload(body + END, { size }));
      expect([
        request.POST['a'],
        request.POST['b'],
        await (request.FILES['f'] as UploadedFile).text(),
      ]).toEqual(['é', 'not base64!', 'hello world']);
    }
    const bad = await loaded(upload(file('f', 'x', 'a', `\r\n${coded}`) + END));
    expect(() => bad.FILES).toThrow(
      expect.objectContaining({ name: 'MultiPartParserError', message: 'Could not decode base64 data.' }),
    );
  });

  it('ignores parts that say nothing, or too much', async () => {
    const body =
      part('Content-Type: text/plain', 'no name') +
      part(`Content-Disposition: form-data; name="long"\r\nX: ${'x'.repeat(2000)}`, 'too long') +
      '--X\r\n\r\nno headers\r\n' +
      field('a', '1');
    const request = await loaded(upload(body + END));
    expect([...request.POST.items()]).toEqual([['a', '1']]);
  });

  it('takes what came of a body that ends too early, but no half file', async () => {
    const request = await loaded(upload(field('a', '1') + file('f', 'x', 'half').slice(0, -2)));
    expect([...request.POST.items(), ...request.FILES.items()]).toEqual([['a', '1']]);
    expect(await loaded(upload('nothing at all'))).toMatchObject({});
  });

  it.each([
    ['multipart/form-data', 'Invalid boundary in multipart: None'],
    [`multipart/form-data; boundary=${'x'.repeat(202)}`, `Invalid boundary in multipart: ${'x'.repeat(202)}`],
    ['multipart/form-data; boundary="x "', 'Invalid boundary in multipart: x '],
    [
      'multipart/form-data; boundary=é',
      'Invalid non-ASCII Content-Type in multipart: multipart/form-data; boundary=é',
    ],
  ])('of type %s is refused, once', async (type, message) => {
    const request = await loaded(upload(END, { type }));
    expect(() => request.POST).toThrow(expect.objectContaining({ name: 'MultiPartParserError', message }));
    expect(request.POST.count()).toBe(0);
  });

  it('refuses too many fields, files and bytes, and keeps nothing', async () => {
    const refusal = async (body: string, settings: object): Promise<string> =>
      overrideSettings({ ...settings, FILE_UPLOAD_MAX_MEMORY_SIZE: 0 } as never, async () => {
        const request = await loaded(upload(body + END, { size: 50 }));
        try {
          void request.POST;
          await request.close();
          return 'taken';
        } catch (error) {
          return (error as Error).name;
        }
      });
    const files = file('f', 'x', 'abc') + file('g', 'y', 'def');
    expect(await refusal(files, { DATA_UPLOAD_MAX_NUMBER_FILES: 2 })).toBe('taken');
    expect(await refusal(files, { DATA_UPLOAD_MAX_NUMBER_FILES: 1 })).toBe('TooManyFilesSent');
    const fields = field('a', '12345') + field('b', '12345');
    expect(await refusal(files + fields, { DATA_UPLOAD_MAX_NUMBER_FIELDS: 2 })).toBe('taken');
    expect(await refusal(files + fields, { DATA_UPLOAD_MAX_NUMBER_FIELDS: 1 })).toBe('TooManyFieldsSent');
    // Name, value and two more for each; files do not count.
    expect(await refusal(files + fields, { DATA_UPLOAD_MAX_MEMORY_SIZE: 16 })).toBe('taken');
    expect(await refusal(files + fields, { DATA_UPLOAD_MAX_MEMORY_SIZE: 15 })).toBe('RequestDataTooBig');
    expect(leftovers()).toEqual([]);
  });

  it('keeps nothing of an upload whose client is gone', async () => {
    await overrideSettings({ FILE_UPLOAD_MAX_MEMORY_SIZE: 0 }, async () => {
      const body = file('done', 'a', 'complete') + file('half', 'b', 'x'.repeat(5000));
      const request = upload(body.slice(0, -100), { fails: true });
      await expect(request.load()).rejects.toMatchObject({ name: 'RequestAborted' });
      expect(leftovers()).toEqual([]);
    });
  });
});

describe('upload handlers', () => {
  it('keep small requests in memory, others in files that go with the request', async () => {
    await overrideSettings({ FILE_UPLOAD_MAX_MEMORY_SIZE: 200 }, async () => {
      const small = await loaded(upload(file('f', 'x', 'small') + END));
      expect(leftovers()).toEqual([]);
      expect(await (small.FILES['f'] as UploadedFile).text()).toBe('small');

      for (const length of [undefined, null]) {
        const large = await loaded(
          upload(file('f', 'x', 'y'.repeat(300)) + END, { length: length as never }),
        );
        const uploaded = large.FILES['f'] as TemporaryUploadedFile;
        expect(uploaded).toBeInstanceOf(TemporaryUploadedFile);
        expect(leftovers()).toEqual([path.basename(uploaded.temporaryFilePath())]);
        const chunks: number[] = [];
        for await (const chunk of uploaded.chunks(100)) chunks.push(chunk.length);
        expect([uploaded.size, chunks, uploaded.multipleChunks(100)]).toEqual([300, [100, 100, 100], true]);
        await large.close();
        expect(leftovers()).toEqual([]);
      }
    });
  });

  class Noting extends UploadHandler {
    override readonly chunkSize = 4;
    notes: string[] = [];
    override newFile(info: UploadInfo): void {
      this.notes.push(`new ${info.name}`);
      if (info.name === 'skip') throw new SkipFile();
      if (info.name === 'stop') throw new StopUpload();
    }
    override receiveDataChunk(data: Buffer, start: number): Buffer {
      this.notes.push(`${start}: ${data}`);
      return data;
    }
    override fileComplete(size: number): null {
      this.notes.push(`complete ${size}`);
      return null;
    }
    override uploadComplete(): void {
      this.notes.push('all');
    }
    override uploadInterrupted(): void {
      this.notes.push('interrupted');
    }
  }

  it('can be put in front, and skip files or stop the upload', async () => {
    const request = upload(
      file('a', 'one', 'abcdef') +
        file('b', 'skip', 'ghi') +
        file('c', 'two', 'j') +
        file('d', 'stop', 'k') +
        field('e', '1') +
        END,
    );
    const noting = new Noting(request);
    request.uploadHandlers.unshift(noting);
    await request.load();
    expect(noting.notes).toEqual([
      'new one',
      '0: abcd',
      '4: ef',
      'complete 6',
      'new skip',
      'interrupted',
      'new two',
      '0: j',
      'complete 1',
      'new stop',
      'interrupted',
      'all',
    ]);
    expect([...request.FILES.keys()]).toEqual(['a', 'c']);
    expect(await (request.FILES['a'] as UploadedFile).text()).toBe('abcdef');
    expect(() => {
      request.uploadHandlers = [];
    }).toThrow('You cannot set the upload handlers after the upload has been processed.');
  });
});

describe('file names', () => {
  it.each([
    ['a.txt', 'a.txt'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\win.ini', 'win.ini'],
    ['/abs/x', 'x'],
    ['a&sol;b.txt', 'b.txt'],
    ['&#47;etc&#47;x', 'x'],
    ['..', undefined],
    ['.', undefined],
    ['a/', undefined],
    ['a\u0000b\u202ec.txt', 'abc.txt'],
    ['a b\u00a0c.txt', 'a bc.txt'],
  ])('%s becomes %s', (given, clean) => {
    expect(sanitizeFileName(given)).toBe(clean);
  });

  it('name no file where nothing is left, and are cut where they are too long', async () => {
    const request = await loaded(
      upload(file('a', '..', 'x') + file('b', `${'n'.repeat(300)}.txt`, 'y') + END),
    );
    expect([...request.FILES.keys()]).toEqual(['b']);
    const { name } = request.FILES['b'] as UploadedFile;
    expect([name.length, name.endsWith('.txt')]).toEqual([255, true]);
  });

  it.each(['..', '.', 'a/', 'C:\\dir\\', '&#x2F;', '/..'])(
    '%j is left out, and what follows it is read',
    async (name) => {
      const request = await loaded(
        upload(file('a', name, 'x') + part('Content-Disposition: form-data; name="t"', 'text') + END),
      );
      expect(request.FILES.count()).toBe(0);
      expect(request.POST['t']).toBe('text');
    },
  );

  it('may be encoded by RFC 2231', async () => {
    const request = await loaded(
      upload(part(`Content-Disposition: form-data; name="f"; filename*=utf-8''na%C3%AFve.txt`, 'x') + END),
    );
    expect((request.FILES['f'] as UploadedFile).name).toBe('naïve.txt');
  });
});

describe('white space behind a boundary', () => {
  const body = (padding: string): Buffer =>
    Buffer.from(
      `--X${padding}\r\nContent-Disposition: form-data; name="a"\r\n\r\none\r\n` +
        `--X${padding}\r\nContent-Disposition: form-data; name="b"\r\n\r\nsee --X \t\r\n--X--${padding}\r\n`,
    );

  it.each([
    ['none', ''],
    ['a space', ' '],
    ['spaces and tabs', ' \t \t'],
  ])('is allowed: %s, however the body comes in pieces', async (_name, padding) => {
    const bytes = body(padding);
    for (const size of [1, 2, 3, 5, 7, 64, bytes.length]) {
      const request = await loaded(upload(bytes, { size }));
      expect([request.POST['a'], request.POST['b']]).toEqual(['one', 'see --X \t']);
    }
  });
});
