import { createHash } from 'node:crypto';
import { configure, resetSettings } from 'tsango/conf';
import { HttpResponse, StreamingHttpResponse } from 'tsango/http/response';
import { ConditionalGetMiddleware } from 'tsango/middleware/http';
import { RequestFactory } from 'tsango/test';
import { through, viewWith } from '../support/middleware';

const rf = new RequestFactory();
beforeEach(() => configure({ ALLOWED_HOSTS: ['*'] }));
afterEach(() => resetSettings());

const get = (headers: Record<string, string>, view = viewWith()) =>
  through(ConditionalGetMiddleware, rf.get('/', null, { headers }), view);
const LAST = 'Sat, 12 Feb 2011 17:35:44 GMT';
const EARLIER = 'Sat, 12 Feb 2011 17:35:43 GMT';
const LATER = 'Sat, 12 Feb 2011 17:38:44 GMT';

describe('the ETag', () => {
  const digest = `"${createHash('md5').update('ok').digest('hex')}"`;
  it('is that of the content', async () => {
    expect((await get({})).get('ETag')).toBe(digest);
  });
  it('is left alone where it is set', async () => {
    expect((await get({}, viewWith({ ETag: '"x"' }))).get('ETag')).toBe('"x"');
  });
  it('is not made for streams, empty or no-store responses, or other methods', async () => {
    const request = rf.get('/');
    expect(
      (await through(ConditionalGetMiddleware, request, () => new StreamingHttpResponse(['x']))).get('ETag'),
    ).toBeUndefined();
    expect((await get({}, viewWith({}, ''))).get('ETag')).toBeUndefined();
    expect(
      (await get({}, viewWith({ 'Cache-Control': 'No-Cache, No-Store, Max-age=0' }))).get('ETag'),
    ).toBeUndefined();
    expect((await through(ConditionalGetMiddleware, rf.head('/'))).get('ETag')).toBeUndefined();
  });
});

describe('a conditional GET', () => {
  it.each([
    [{ 'If-None-Match': '"spam"' }, { ETag: '"spam"' }, 304],
    [{ 'If-None-Match': '"spam"' }, { ETag: '"eggs"' }, 200],
    [{ 'If-None-Match': '"eggs", W/"spam"' }, { ETag: '"spam"' }, 304],
    [{ 'If-None-Match': '"W"' }, { ETag: 'W/"W"' }, 304],
    [{ 'If-None-Match': '*' }, { ETag: '"spam"' }, 304],
    [{ 'If-Match': '"spam"' }, { ETag: '"spam"' }, 200],
    [{ 'If-Match': '"eggs"' }, { ETag: '"spam"' }, 412],
    [{ 'If-Match': 'W/"spam"' }, { ETag: 'W/"spam"' }, 412],
    [{ 'If-Match': '*' }, { ETag: '"spam"' }, 200],
    [{ 'If-Modified-Since': LAST }, { 'Last-Modified': LAST }, 304],
    [{ 'If-Modified-Since': LATER }, { 'Last-Modified': LAST }, 304],
    [{ 'If-Modified-Since': EARLIER }, { 'Last-Modified': LAST }, 200],
    [{ 'If-Modified-Since': 'garbage' }, { 'Last-Modified': LAST }, 200],
    [{ 'If-Modified-Since': LAST }, {}, 200],
    [
      { 'If-Modified-Since': LAST, 'If-None-Match': '"eggs"' },
      { 'Last-Modified': LAST, ETag: '"spam"' },
      200,
    ],
    [{ 'If-Unmodified-Since': LAST }, { 'Last-Modified': LAST }, 200],
    [{ 'If-Unmodified-Since': EARLIER }, { 'Last-Modified': LAST }, 412],
  ] as [Record<string, string>, Record<string, string>, number][])(
    '%j of %j is %d',
    async (asked, has, status) => {
      expect((await get(asked, viewWith(has))).statusCode).toBe(status);
    },
  );
  it('of an error is the error', async () => {
    expect((await get({ 'If-None-Match': '"x"' }, viewWith({ ETag: '"x"' }, 'gone', 404))).statusCode).toBe(
      404,
    );
  });
  it('keeps the headers and cookies that a 304 has to have', async () => {
    const kept = {
      ETag: '"x"',
      'Cache-Control': 'max-age=3',
      'Content-Location': '/x',
      Date: LAST,
      Expires: LATER,
      'Last-Modified': EARLIER,
      Vary: 'Cookie',
    };
    const response = await get({ 'If-None-Match': '"x"' }, () => {
      const full = new HttpResponse('body', { headers: { ...kept, 'Content-Language': 'en' } });
      full.setCookie('k', 'v');
      return full;
    });
    expect(response.headers.toJSON()).toEqual(kept);
    expect(response.cookies.get('k')?.value).toBe('v');
    expect(response.content.length).toBe(0);
  });
  it('closes the response that it does not send', async () => {
    const closed = jest.fn();
    const response = await get({ 'If-None-Match': '"x"' }, () => {
      const full = new HttpResponse('body', { headers: { ETag: '"x"' } });
      full.closers.push(closed);
      return full;
    });
    response.close();
    expect(closed).toHaveBeenCalledTimes(1);
  });
});
