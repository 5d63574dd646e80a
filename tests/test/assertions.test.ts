/** Django's assertions: what passes, and what a failure says. */
import { setup } from 'tsango';
import { configure, resetSettings } from 'tsango/conf';
import { templateRendered } from 'tsango/core/signals';
import * as forms from 'tsango/forms';
import { HttpResponse, HttpResponseRedirect } from 'tsango/http';
import {
  assertContains,
  assertFieldOutput,
  assertFormError,
  assertFormSetError,
  assertHTMLEqual,
  assertHTMLNotEqual,
  assertInHTML,
  assertJSONEqual,
  assertJSONNotEqual,
  assertNotContains,
  assertNotInHTML,
  assertQuerySetEqual,
  assertRaisesMessage,
  assertRedirects,
  assertTemplateNotUsed,
  assertTemplateUsed,
  assertURLEqual,
  assertXMLEqual,
  assertXMLNotEqual,
  Client,
  type ClientResponse,
} from 'tsango/test';
import { path } from 'tsango/urls';

const urlpatterns = [
  path('page/', () => new HttpResponse('<p class="b a" id=x>One</p> <p>two two</p>')),
  path('missing/', () => new HttpResponse('gone', { status: 404 })),
  path('go/', () => new HttpResponseRedirect('/page/?b=2&a=1')),
  path('nowhere/', () => new HttpResponseRedirect('/missing/')),
  path('away/', () => new HttpResponseRedirect('https://elsewhere.example/')),
];
let client: Client;
let page: ClientResponse;
beforeAll(async () => {
  configure({ SECRET_KEY: 'x', ROOT_URLCONF: { urlpatterns } });
  setup();
  client = new Client();
  page = await client.get('/page/');
});
afterAll(() => resetSettings());

/** The message that an assertion fails with. */
async function failure(body: () => unknown): Promise<string> {
  try {
    await body();
  } catch (error) {
    expect((error as Error).name).toBe('AssertionError');
    return (error as Error).message;
  }
  throw new Error('It passed.');
}

describe('responses', () => {
  it('contain what they should, so many times', async () => {
    assertContains(page, 'two', { count: 2 });
    assertContains(page, '<p id="x" class="a  b">One</p>', { html: true });
    assertNotContains(page, 'three');
    assertNotContains(page, '<p>One</p>', { html: true });
    assertContains(await client.get('/missing/'), 'gone', { statusCode: 404 });
    const content = '<p class="b a" id=x>One</p> <p>two two</p>';
    expect(await failure(() => assertContains(page, 'three'))).toBe(
      `Couldn't find 'three' in the following response\n${content}`,
    );
    expect(await failure(() => assertContains(page, 'two', { count: 1, msgPrefix: 'abc' }))).toBe(
      `abc: Found 2 instances of 'two' (expected 1) in the following response\n${content}`,
    );
    expect(await failure(() => assertContains(page, 'two', { statusCode: 404 }))).toBe(
      "Couldn't retrieve content: Response code was 200 (expected 404)",
    );
    expect(await failure(() => assertNotContains(page, 'two'))).toBe(
      `'two' unexpectedly found in the following response\n${content}`,
    );
    expect(await failure(() => assertNotContains(page, 'x', { statusCode: 404 }))).toContain('was 200');
    expect(await failure(() => assertContains(page, '</b>', { html: true }))).toContain(
      'Second argument is not valid HTML:\nUnexpected end tag `b`',
    );
  });

  it('redirect', async () => {
    const response = await client.get('/go/');
    await assertRedirects(response, '/page/?a=1&b=2');
    await assertRedirects(await client.get('/go/', null, { follow: true }), '/page/?a=1&b=2');
    await assertRedirects(await client.get('/nowhere/'), '/missing/', { targetStatusCode: 404 });
    await assertRedirects(await client.get('/away/'), 'https://elsewhere.example/', {
      targetStatusCode: false,
    });
    expect(await failure(async () => assertRedirects(page, '/x/'))).toBe(
      "Response didn't redirect as expected: Response code was 200 (expected 302)",
    );
    expect(await failure(async () => assertRedirects(await client.get('/nowhere/'), '/missing/'))).toBe(
      "Couldn't retrieve redirection page '/missing/': response code was 404 (expected 200)",
    );
    expect(await failure(() => assertRedirects(response, '/page/'))).toBe(
      "Response redirected to '/page/?b=2&a=1', expected '/page/'",
    );
    assertURLEqual('/a/?x=1&y=2', '/a/?y=2&x=1');
    expect(await failure(() => assertURLEqual('/a/?x=1&x=2', '/a/?x=2&x=1'))).toBe(
      "Expected '/a/?x=1&x=2' to equal '/a/?x=2&x=1'.",
    );
  });

  it('are made of templates, or code is', async () => {
    const rendering = (): unknown =>
      templateRendered.send(null, { template: { name: 'a.html' }, context: {} });
    await assertTemplateUsed(rendering, 'a.html', { count: 1 });
    await assertTemplateNotUsed(rendering, 'b.html');
    expect(await failure(() => assertTemplateUsed(page, 'a.html'))).toBe(
      'No templates used to render the response',
    );
    expect(await failure(() => assertTemplateUsed(rendering, 'b.html'))).toBe(
      "Template 'b.html' was not a template used to render the response. Actual template(s) used: a.html",
    );
    expect(await failure(() => assertTemplateUsed(rendering, 'a.html', { count: 2 }))).toBe(
      "Template 'a.html' was expected to be rendered 2 time(s) but was actually rendered 1 time(s).",
    );
    expect(await failure(() => assertTemplateNotUsed(rendering, 'a.html'))).toBe(
      "Template 'a.html' was used unexpectedly in rendering the response",
    );
  });
});

describe('HTML', () => {
  it.each([
    ['white space', '<div><b> a  b</b>\n</div>', '<div>\n  <b>a b </b></div>'],
    ['attributes', '<a id=x class="b  a" href=\'#\'>', '<a href="#" class="a b" id="x">'],
    ['boolean attributes', '<input checked>', '<input checked="checked" />'],
    ['references', '<p title="&quot;">&copy; &lt;</p>', "<p title='\"'>© &#60;</p>"],
    ['void elements', '<p>a<br>b</p>', '<p>a<br/>b</p>'],
    ['what is left open', '<div><p>a</div>', '<div><p>a</p></div>'],
    ['text in tags that hold a greater-than sign', '<a title="a > b">c</a>', "<a title='a > b'>c</a>"],
  ])('is the same but for %s', (_, first, second) => assertHTMLEqual(first, second));

  it.each([
    ['text', '<p>a</p>', '<p>b</p>'],
    ['an element', '<p>a</p>', '<b>a</b>'],
    ['an attribute', '<p id=a>', '<p id=b>'],
    ['the order', '<i></i><b></b>', '<b></b><i></i>'],
    ['white space within text', '<p>a b</p>', '<p>ab</p>'],
    ['a space that does not break', '<p>&nbsp;</p>', '<p> </p>'],
    ['a value that is empty', '<a title="">', '<a title="x">'],
  ])('differs by %s', async (_, first, second) => {
    assertHTMLNotEqual(first, second);
    expect(await failure(() => assertHTMLEqual(first, second))).toContain('\n!=\n');
  });

  it('is in other HTML', async () => {
    const html = '<ul><li>a</li><li>b</li><li>a</li></ul>';
    assertInHTML('<li>a</li>', html, { count: 2 });
    assertInHTML('<li>b</li><li>a</li>', html, { count: 1 });
    assertInHTML('a', html);
    assertNotInHTML('<li>c</li>', html);
    expect(await failure(() => assertNotInHTML('<li>a</li>', html))).toContain('unexpectedly found');
    expect(await failure(() => assertInHTML('<li>c</li>', html))).toContain("Couldn't find '<li>c</li>'");
    expect(await failure(() => assertInHTML('<li>a</li>', html, { count: 1 }))).toContain(
      'Found 2 instances',
    );
    expect(await failure(() => assertHTMLNotEqual('<p>', '<p></p>'))).toBe('<p>\n==\n<p>');
    expect(await failure(() => assertHTMLEqual('</p>', ''))).toBe(
      'First argument is not valid HTML:\nUnexpected end tag `p`',
    );
  });

  it('of any length is read in time', async () => {
    const started = performance.now();
    for (const part of ['<a b="', '<p a a a ', '&amp', 'a="b" ']) {
      const html = `<b ${part.repeat(10_000)}>`;
      assertHTMLEqual(html, html);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await failure(() => assertHTMLEqual('<div>'.repeat(10_000), ''))).toContain('nested too deeply');
  });
});

describe('JSON and XML', () => {
  it('are compared by what they say', async () => {
    assertJSONEqual('{"a": 1, "b": [2]}', { b: [2], a: 1 });
    assertJSONEqual('[1]', '[ 1 ]');
    assertJSONNotEqual('[1]', [2]);
    expect(await failure(() => assertJSONEqual('[1]', [2]))).toBe('[1] != [2]');
    expect(await failure(() => assertJSONNotEqual('[1]', [1]))).toBe('[1] == [1]');
    expect(await failure(() => assertJSONEqual('{', 1))).toBe("First argument is not valid JSON: '{'");
    expect(await failure(() => assertJSONEqual('1', '{'))).toBe("Second argument is not valid JSON: '{'");
    assertXMLEqual('<a x="1" y="2"><!-- c --><b/></a>', "\n<a y='2' x='1'><b></b></a>");
    assertXMLEqual('<a/><b/>', '<a></a><b></b>');
    assertXMLNotEqual('<a/>', '<b/>');
    assertXMLNotEqual('<a>1</a>', '<a>2</a>');
    expect(await failure(() => assertXMLEqual('<a/>', '<b/>'))).toBe('<a/>\n!=\n<b/>');
    expect(await failure(() => assertXMLNotEqual('<a/>', '<a></a>'))).toContain('==');
    expect(await failure(() => assertXMLEqual('<a>', '<a/>'))).toContain('is not valid XML');
  });
});

describe('rows', () => {
  it('are compared in order, unless that does not count', async () => {
    await assertQuerySetEqual([1, 2], [1, 2]);
    await assertQuerySetEqual([1, 2], ['1', '2'], { transform: String });
    await assertQuerySetEqual([2, 1, 1], [1, 2, 1], { ordered: false });
    expect(await failure(() => assertQuerySetEqual([2, 1], [1, 2]))).toBe('[2, 1] != [1, 2]');
    expect(await failure(() => assertQuerySetEqual([2, 1], [1, 1], { ordered: false }))).toBe(
      '[2, 1] != [1, 1]',
    );
    const unordered = Object.assign([1, 2], { ordered: false });
    await expect(assertQuerySetEqual(unordered, [1, 2])).rejects.toThrow(
      'Trying to compare non-ordered queryset against more than one ordered value.',
    );
  });
});

describe('errors', () => {
  it('have a class and a message', async () => {
    const error = await assertRaisesMessage(TypeError, 'no', () => {
      throw new TypeError('no way');
    });
    expect(error.message).toBe('no way');
    expect(await failure(() => assertRaisesMessage(TypeError, 'x', () => undefined))).toBe(
      'TypeError not raised',
    );
    expect(
      await failure(() => assertRaisesMessage(TypeError, 'x', () => Promise.reject(new TypeError('y')))),
    ).toBe("'x' not found in 'y'");
    await expect(
      assertRaisesMessage(TypeError, 'x', () => Promise.reject(new RangeError('y'))),
    ).rejects.toThrow(RangeError);
  });
});

describe('forms', () => {
  class TitleForm extends forms.form({ title: new forms.CharField({ maxLength: 3 }) }) {
    override clean(): void {
      if (this.cleanedData.title === 'bad') throw new forms.ValidationError('Not that.');
    }
  }

  it('have errors', async () => {
    const bad = new TitleForm({ data: { title: 'bad' } });
    await assertFormError(bad, null, 'Not that.');
    await assertFormError(bad, 'title', []);
    await assertFormError(new TitleForm({ data: {} }), 'title', ['This field is required.']);
    expect(await failure(() => assertFormError(bad, 'title', 'x'))).toBe(
      "The errors of field 'title' on form <TitleForm> don't match.\n[] != [\"x\"]",
    );
    expect(await failure(() => assertFormError(bad, null, []))).toContain('The non-field errors of');
    expect(await failure(() => assertFormError(bad, 'other', []))).toBe(
      "The form <TitleForm> does not contain the field 'other'.",
    );
    expect(await failure(() => assertFormError(new TitleForm(), 'title', []))).toBe(
      'The form <TitleForm> is not bound, it will never have any errors.',
    );
  });

  it('and formsets', async () => {
    const TitleFormSet = forms.formsetFactory(TitleForm, { maxNum: 1, validateMax: true });
    const data = {
      'form-TOTAL_FORMS': '2',
      'form-INITIAL_FORMS': '0',
      'form-0-title': 'bad',
      'form-1-title': 'long',
    };
    const formset = new TitleFormSet({ data });
    await assertFormSetError(formset, 0, null, 'Not that.');
    await assertFormSetError(formset, null, null, 'Please submit at most 1 form.');
    expect(await failure(() => assertFormSetError(formset, 2, null, []))).toMatch(
      /^The formset <.*> only has 2 forms\.$/,
    );
    expect(await failure(() => assertFormSetError(formset, 0, 'title', 'x'))).toContain(
      "The errors of field 'title' on form 0 of formset",
    );
    await expect(assertFormSetError(formset, null, 'title', [])).rejects.toThrow(
      'You must use field=null with formIndex=null.',
    );
  });

  it('and fields', async () => {
    const refused = ['Enter a valid email address.'];
    await assertFieldOutput(forms.EmailField, [['a@a.com', 'a@a.com']], [['aaa', refused]]);
    expect(await failure(() => assertFieldOutput(forms.EmailField, [['a@a.com', 'b']], []))).toBe(
      '"a@a.com" became a@a.com, expected b',
    );
    expect(await failure(() => assertFieldOutput(forms.EmailField, [], [['a@a.com', refused]]))).toContain(
      'ValidationError not raised',
    );
  });
});
