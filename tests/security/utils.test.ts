/** Django's advisories about small functions that everything stands on. */
import { configure, resetSettings } from 'tsango/conf';
import { ValueError } from 'tsango/core/exceptions';
import { NoReverseMatch, path, reverse } from 'tsango/urls';
import { repercentBrokenUnicode, uriToIri } from 'tsango/utils/encoding';
import { base36ToInt, parseEtags, urlsafeBase64Decode } from 'tsango/utils/http';
import { expectLinear } from './support';

beforeAll(() =>
  configure({
    SECRET_KEY: 'test',
    ROOT_URLCONF: { urlpatterns: [path('a/', () => null as never)] } as never,
  }),
);
afterAll(() => resetSettings());

it.each(['CVE-2019-14235', 'CVE-2023-41164'])('%s: broken escapes in URIs are read in linear time', (_id) => {
  expectLinear((size) => uriToIri('/%E9'.repeat(size)));
  expectLinear((size) => repercentBrokenUnicode(Buffer.alloc(size, 0xe9)));
  expectLinear((size) => uriToIri(`${'%f4'.repeat(size)}\u{1f600}`.repeat(2)));
  expect(uriToIri('%E9%C3%A9')).toBe('%E9\u00e9');
});

it('CVE-2014-0472: reverse() takes names and functions, and loads no module', () => {
  for (const name of ['os.system', 'node:child_process.execSync', '__proto__', 'constructor']) {
    expect(() => reverse(name)).toThrow(NoReverseMatch);
  }
});

it('takes long numbers, tags and base64 in linear time', () => {
  expect(() => base36ToInt('1'.repeat(1_000_000))).toThrow(ValueError);
  expectLinear((size) => parseEtags('"a",'.repeat(size)));
  expectLinear((size) => parseEtags(`W/"${'"'.repeat(size)}`));
  expectLinear((size) => urlsafeBase64Decode('A='.repeat(size)));
});
