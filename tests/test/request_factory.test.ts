/** A request that a test makes is what a view is given: its form is there although nobody has read the body. */
import { configure, resetSettings } from 'tsango/conf';
import { SynchronousOnlyOperation } from 'tsango/core/exceptions';
import { HttpRequest, type QueryDict } from 'tsango/http';
import { RequestFactory } from 'tsango/test';

beforeAll(() => configure({ SECRET_KEY: 'x' }));
afterAll(() => resetSettings());

const factory = new RequestFactory();
const items = (data: QueryDict): unknown[] => [...data.lists()];

describe('post', () => {
  it('fills POST and FILES', () => {
    const picture = { name: 'a.png', content: 'abc' };
    const request = factory.post('/', { title: 'x', tags: ['a', 'b'], picture });
    expect(items(request.POST)).toEqual([
      ['title', ['x']],
      ['tags', ['a', 'b']],
    ]);
    expect(request.FILES.get('picture')).toMatchObject({ name: 'a.png', size: 3, contentType: 'image/png' });
  });

  it('sends the same bytes', async () => {
    const request = factory.post('/', { title: 'x' });
    expect(String(request.body)).toContain('Content-Disposition: form-data; name="title"\r\n\r\nx\r\n');
    await request.load();
    expect(items(request.POST)).toEqual([['title', ['x']]]);
  });

  it('refuses null, naming the field', () => {
    expect(() => factory.post('/', { title: null })).toThrow(
      "Cannot encode None for key 'title' as POST data. Did you mean to pass an empty string or omit the value?",
    );
  });

  it('of bytes that nobody has parsed says so, instead of being empty', async () => {
    const body = String(factory.post('/', { title: 'x' }).body);
    const request = factory.post('/', body);
    expect(() => request.POST).toThrow(SynchronousOnlyOperation);
    expect(() => request.FILES).toThrow(/call `await request\.load\(\)` first/);
    expect(String(request.body)).toBe(body);
    await request.load();
    expect(items(request.POST)).toEqual([['title', ['x']]]);
  });

  it('of JSON has an empty POST', () => {
    const request = factory.post('/', { a: 1 }, { contentType: 'application/json' });
    expect(items(request.POST)).toEqual([]);
    expect(String(request.body)).toBe('{"a": 1}');
  });
});

describe('get', () => {
  it('keeps the query of its path, unless it is given another', () => {
    expect(items(factory.get('/?q=a', {}).GET)).toEqual([['q', ['a']]]);
    expect(items(factory.get('/?q=a', { page: 2 }).GET)).toEqual([['page', ['2']]]);
    expect(factory.get('/')).toBeInstanceOf(HttpRequest);
  });
});
