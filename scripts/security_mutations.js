// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are texts of the source
'use strict';
/**
 * For each advisory of docs/security.md, what its guard is: an exact text of the source, and what stands there once the
 * guard is taken out. `scripts/mutate_security.js` does that, and the test listed for the advisory has to fail.
 *
 * Where the guard is that something takes linear time, the mutation reads the whole text once more at each step.
 *
 * @typedef {{
 *   advisories: readonly string[],
 *   file: string,
 *   text: string,
 *   replacement: string,
 *   test: string,
 *   name?: string,
 * }} Mutation `name`: part of the tests' titles, where that is not the advisory's number.
 */

/** A look at the whole of a text: what a step must not cost. */
const look = (text) => `/[\\0-\\x02]x/.test(${text});`;

const HTTP = 'tests/security/http.test.ts';
const TEMPLATES = 'tests/security/templates.test.ts';
const UTILS = 'tests/security/utils.test.ts';
const FILES = 'tests/security/files.test.ts';
const PAGES = 'tests/security/pages.test.ts';
const DATA = 'tests/security/data.test.ts';
const CACHE = 'tests/middleware/cache.test.ts';

/** @type {readonly Mutation[]} */
module.exports = [
  // Requests, responses and cookies.
  {
    advisories: ['CVE-2014-3730'],
    file: 'framework/utils/http.ts',
    text: "    hasAllowedHostAndScheme(trimmed, hosts, requireHttps) &&\n    hasAllowedHostAndScheme(trimmed.replaceAll('\\\\', '/'), hosts, requireHttps)\n",
    replacement: '    hasAllowedHostAndScheme(trimmed, hosts, requireHttps)\n',
    test: HTTP,
  },
  {
    advisories: ['CVE-2015-0219', 'CVE-2026-3902'],
    file: 'framework/http/request_headers.ts',
    text: "  if (name.includes('_')) return undefined;\n",
    replacement: '',
    test: HTTP,
  },
  {
    advisories: ['CVE-2015-0220'],
    file: 'framework/utils/http.ts',
    text: '  const trimmed = url?.trim();\n',
    replacement: '  const trimmed = url;\n',
    test: HTTP,
  },
  {
    advisories: ['CVE-2015-2317'],
    file: 'framework/utils/http.ts',
    text: '  if (/^\\p{C}/u.test(url)) return false;\n',
    replacement: '',
    test: HTTP,
  },
  {
    advisories: ['CVE-2016-7401'],
    file: 'framework/http/cookie.ts',
    text: "    let end = header.indexOf(';', start);\n",
    replacement:
      "    const quote = header.indexOf('=\"', start);\n    let end = header.indexOf(';', quote < 0 ? start : header.indexOf('\"', quote + 2));\n",
    test: HTTP,
  },
  {
    advisories: ['CVE-2016-9014'],
    file: 'framework/http/request.ts',
    text: 'settings.DEBUG && allowed.length === 0 ? DEBUG_HOSTS : allowed',
    replacement: "settings.DEBUG && allowed.length === 0 ? ['*'] : allowed",
    test: HTTP,
  },
  {
    advisories: ['CVE-2017-7233'],
    file: 'framework/utils/http.ts',
    text: '  if (!netloc && scheme) return false;\n',
    replacement: '',
    test: HTTP,
  },
  {
    advisories: ['CVE-2019-12781'],
    file: 'framework/http/request.ts',
    text: "=== setting[1] ? 'https' : 'http';",
    replacement: "=== setting[1] ? 'https' : this.source.scheme;",
    test: HTTP,
  },
  {
    advisories: ['CVE-2021-23336'],
    file: 'framework/http/querydict.ts',
    text: "      let end = text.indexOf('&', start);\n",
    replacement: "      let end = text.replaceAll(';', '&').indexOf('&', start);\n",
    test: HTTP,
  },
  {
    advisories: ['CVE-2021-32052', 'CVE-2026-53878'],
    file: 'framework/http/response_headers.ts',
    text: '  if (FORBIDDEN.test(value)) {\n',
    replacement: '  if (FORBIDDEN.test("")) {\n',
    test: HTTP,
  },
  {
    advisories: ['CVE-2021-32052', 'CVE-2026-53878'],
    file: 'framework/http/cookie.ts',
    text: "  if (typeof value === 'string' && CONTROLS.test(value)) {\n",
    replacement: "  if (typeof value === 'string' && CONTROLS.test('')) {\n",
    test: HTTP,
  },
  {
    advisories: ['CVE-2022-36359'],
    file: 'framework/utils/http_headers.ts',
    text: ".replaceAll('\\\\', '\\\\\\\\').replaceAll('\"', '\\\\\"')}\"`",
    replacement: '}"`',
    test: HTTP,
  },
  {
    advisories: ['CVE-2025-14550'],
    file: 'framework/http/request_headers.ts',
    text: "value.join(',');",
    replacement: 'value.reduce((all, one) => (/[\\0-\\x02]x/.test(all) ? all : `${all},${one}`));',
    test: HTTP,
  },
  {
    advisories: ['CVE-2025-27556'],
    file: 'framework/utils/http.ts',
    text: "url.startsWith('///') || url.length > MAX_URL_LENGTH",
    replacement: "url.startsWith('///')",
    test: HTTP,
  },
  {
    advisories: ['CVE-2025-64458'],
    file: 'framework/http/response.ts',
    text: '    if (target.length > MAX_REDIRECT_LENGTH) {\n',
    replacement: '    if (target.length < 0) {\n',
    test: HTTP,
  },
  {
    advisories: ['CVE-2026-6873'],
    file: 'framework/core/signing.ts',
    text: 'v2:${[...salt].length}:${salt}${name}',
    replacement: 'v2:${salt}${name}',
    test: HTTP,
  },
  {
    advisories: ['CVE-2026-84429'],
    file: 'framework/utils/http_headers.ts',
    text: '  if (maxLength !== null && line.length > maxLength) {\n',
    replacement: '  if (maxLength !== null && line.length < 0) {\n',
    test: HTTP,
  },
  {
    advisories: ['CVE-2026-84429'],
    file: 'framework/http/request_headers.ts',
    text: '    if (error instanceof ValueError) throw new BadRequest(error.message, { cause: error });\n',
    replacement: '',
    test: PAGES,
  },
  {
    advisories: ['CVE-2026-84429'],
    file: 'framework/utils/http_headers.ts',
    text: "    if (quoted && char === '\\\\') i++;\n",
    replacement: `    ${look('line')}\n    if (quoted && char === '\\\\') i++;\n`,
    test: HTTP,
  },

  // Forms and uploads.
  {
    advisories: ['CVE-2021-28658', 'CVE-2021-31542'],
    file: 'framework/http/multipartparser.ts',
    text: "  result = result.slice(Math.max(result.lastIndexOf('/'), result.lastIndexOf('\\\\')) + 1);\n",
    replacement: '',
    test: HTTP,
  },
  {
    advisories: ['CVE-2021-31542'],
    file: 'framework/http/multipartparser.ts',
    text: '  let result = unescapeHtml(name);\n',
    replacement: '  let result = name;\n',
    test: HTTP,
  },
  {
    advisories: ['CVE-2021-31542'],
    file: 'framework/http/multipartparser.ts',
    text: "result === '' || result === '.' || result === '..' ? undefined : result;",
    replacement: "result === '' ? undefined : result;",
    test: HTTP,
  },
  {
    advisories: ['CVE-2022-23833'],
    file: 'framework/http/multipart_stream.ts',
    text: "  dicer.on('error', () => undefined);\n",
    replacement: '',
    test: HTTP,
  },
  {
    advisories: ['CVE-2023-24580'],
    file: 'framework/http/multipartparser.ts',
    text: 'if (limit !== null && ++this.fileCount > limit) {',
    replacement: 'if (limit !== null && ++this.fileCount < 0) {',
    test: HTTP,
  },
  {
    advisories: ['CVE-2023-24580'],
    file: 'framework/http/multipartparser.ts',
    text: '    this.countField();\n    if (info === undefined) {\n',
    replacement: '    if (info !== undefined) this.countField();\n    if (info === undefined) {\n',
    test: HTTP,
  },
  {
    advisories: ['CVE-2026-5766'],
    file: 'framework/http/request_body.ts',
    text: '    if (this.declaredLength !== undefined && this.received > this.declaredLength) {\n',
    replacement: '    if (this.declaredLength !== undefined && this.received < 0) {\n',
    test: HTTP,
  },
  {
    advisories: ['CVE-2026-5766'],
    file: 'framework/http/multipartparser.ts',
    text: 'declared === undefined ? Number.POSITIVE_INFINITY : Number(declared)',
    replacement: 'Number(declared ?? 0)',
    test: HTTP,
  },
  {
    advisories: ['CVE-2026-33033'],
    file: 'framework/http/multipartparser.ts',
    text: "    const text = rest + chunk.toString('latin1').replace(/[\\r\\n\\t\\v\\f ]+/g, '');\n",
    replacement: "    const text = rest + chunk.toString('latin1');\n",
    test: HTTP,
  },
  {
    advisories: ['CVE-2026-33034'],
    file: 'framework/http/request_body.ts',
    text: '        if (limit !== null && length > limit) {\n',
    replacement: '        if (limit !== null && length < 0) {\n',
    test: HTTP,
  },
  {
    advisories: ['CVE-2026-108147'],
    file: 'framework/http/multipartparser.ts',
    text: "  let rest = '';\n  for await (const chunk of data) {\n",
    replacement:
      "  let rest = '';\n  const all: Buffer[] = [];\n  for await (const chunk of data) all.push(chunk);\n  for (const chunk of [Buffer.concat(all)]) {\n",
    test: HTTP,
  },

  // URLs, middleware, the cache of pages, logging.
  {
    advisories: ['CVE-2014-0472'],
    file: 'framework/urls/reverse_table.ts',
    text: '  throw new NoReverseMatch(explain(lookup, routes, args, kwargs));\n',
    replacement: "  return String(require(String(lookup).split('.')[0] as string));\n",
    test: UTILS,
  },
  {
    advisories: ['CVE-2014-0473'],
    file: 'framework/middleware/cache.ts',
    text: "    if (response.hasCookies && (hasVaryHeader(response, 'Cookie') || setsNewCookie(request, response)))\n      return false;\n",
    replacement: '',
    test: CACHE,
  },
  {
    advisories: ['CVE-2018-14574'],
    file: 'framework/middleware/common.ts',
    text: 'escapeLeadingSlashes(request.getFullPath(true))',
    replacement: 'request.getFullPath(true)',
    test: 'tests/middleware/common.test.ts',
  },
  {
    advisories: ['CVE-2021-44420'],
    file: 'framework/urls/route_matcher.ts',
    text: '    return this.isEndpoint && position !== path.length ? undefined',
    replacement: "    return this.isEndpoint && position !== path.replace(/\\n$/, '').length ? undefined",
    test: 'tests/urls/resolve.test.ts',
  },
  {
    advisories: ['CVE-2025-48432'],
    file: 'framework/utils/log.ts',
    text: 'unicodeEscape(String(args[next++]))',
    replacement: 'String(args[next++])',
    test: 'tests/utils/log.test.ts',
  },
  {
    advisories: ['CVE-2025-48432'],
    file: 'framework/utils/log.ts',
    text: 'unicodeEscape(String(args[next++]))',
    replacement: 'String(args[next++])',
    test: 'tests/middleware/csrf.test.ts',
  },
  {
    advisories: ['CVE-2026-6907'],
    file: 'framework/middleware/cache.ts',
    text: "    if (hasVaryHeader(response, '*')) return false;\n",
    replacement: '',
    test: CACHE,
  },
  {
    advisories: ['CVE-2026-8404'],
    file: 'framework/utils/cache.ts',
    text: '(equals < 0 ? field : field.slice(0, equals)).toLowerCase();',
    replacement: 'equals < 0 ? field : field.slice(0, equals);',
    test: CACHE,
  },
  {
    advisories: ['CVE-2026-35192'],
    file: 'framework/contrib/sessions/middleware.ts',
    text: "    if (!accessed) patchVaryHeaders(response, ['Cookie']);\n",
    replacement: '',
    test: DATA,
  },
  {
    advisories: ['CVE-2026-35192'],
    file: 'framework/middleware/cache.ts',
    text: "(hasVaryHeader(response, 'Cookie') || setsNewCookie(request, response))",
    replacement: "hasVaryHeader(response, 'Cookie')",
    test: CACHE,
  },
  {
    advisories: ['CVE-2026-35193'],
    file: 'framework/middleware/cache.ts',
    text: "      patchVaryHeaders(response, ['Authorization']);\n",
    replacement: '',
    test: CACHE,
  },
  {
    advisories: ['CVE-2026-35193'],
    file: 'framework/middleware/cache.ts',
    text: 'found === undefined || !isForRequest(request, found) ? { key }',
    replacement: 'found === undefined ? { key }',
    test: CACHE,
  },
  {
    advisories: ['CVE-2026-48587'],
    file: 'framework/utils/cache.ts',
    text: '    .map((item) => item.trim())\n',
    replacement: '',
    test: CACHE,
  },
  {
    advisories: ['CVE-2026-48587'],
    file: 'framework/utils/cache.ts',
    text: '    .map((item) => item.trim())\n',
    replacement: '',
    test: 'tests/views/decorators.test.ts',
  },
  {
    advisories: ['CVE-2026-48588'],
    file: 'framework/middleware/cache.ts',
    text: "(hasVaryHeader(response, 'Cookie') || setsNewCookie(request, response))",
    replacement: "hasVaryHeader(response, 'Cookie')",
    test: CACHE,
  },
  {
    advisories: ['CVE-2026-113593'],
    file: 'framework/utils/cache.ts',
    text: "value === undefined ? '-,' : `${Buffer.byteLength(value)}:${value},`",
    replacement: "`${Buffer.byteLength(value ?? '')}:${value ?? ''},`",
    test: CACHE,
  },

  // Templates, filters and pages of errors.
  {
    advisories: ['CVE-2015-8213'],
    file: 'framework/utils/formats.ts',
    text: '  if (!isInput && !isFormatName(name)) return name;\n',
    replacement: '  if (!isInput && !isFormatName(name) && !(name in settings)) return name;\n',
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2017-12794'],
    file: 'framework/views/technical_pages.ts',
    text: '(character) => ESCAPES[character] ?? character',
    replacement: '(character) => character',
    test: PAGES,
  },
  {
    advisories: ['CVE-2018-7536', 'CVE-2024-45230'],
    file: 'framework/utils/urlize.ts',
    text: "  const end = rstrip(text, TRAILING).length;\n  // The first semicolon of several may end a reference.\n  return reference !== -1 && text.endsWith(';;') ? text.indexOf(';', end) + 1 : end;\n",
    replacement: `  ${look('text')}\n  return text.length - 1;\n`,
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2018-7537', 'CVE-2023-43665', 'CVE-2026-1285', 'CVE-2019-14233'],
    file: 'framework/python/html_parser.ts',
    text: '      const text = this.endOfText(at);\n',
    replacement: `      ${look('this.rawdata')}\n      const text = this.endOfText(at);\n`,
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2019-3498'],
    file: 'framework/views/defaults.ts',
    text: 'request_path: quote(request.path)',
    replacement: 'request_path: request.path',
    test: PAGES,
  },
  {
    advisories: ['CVE-2019-6975'],
    file: 'framework/utils/numberformat.ts',
    text: ' + number.digits > MAX_DIGITS) {\n',
    replacement: ' + number.digits > 3e8) {\n',
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2019-14232'],
    file: 'framework/python/html_source.ts',
    text: '    while (this.startsAttribute(at)) {\n',
    replacement: `    while (this.startsAttribute(at)) {\n      ${look('this.rawdata')}\n`,
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2019-14235', 'CVE-2023-41164'],
    file: 'framework/utils/encoding.ts',
    text: '      start = ++i;\n',
    replacement: '      start = ++i;\n      Buffer.concat(parts);\n',
    test: UTILS,
  },
  {
    advisories: ['CVE-2021-45116'],
    file: 'framework/template/filters/lists.ts',
    text: "    if (path.startsWith('_') || path.includes('._')) {\n",
    replacement: "    if (path === '._') {\n",
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2022-22818'],
    file: 'framework/template/runtime/tags.ts',
    text: "  if (!settings.DEBUG) return '';\n",
    replacement: '',
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2022-22818'],
    file: 'framework/template/runtime/tags.ts',
    text: 'escapeHtml(repr({ ...layer }))',
    replacement: 'repr({ ...layer })',
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2023-36053'],
    file: 'framework/utils/urlize.ts',
    text: 'textLength(value) > 320 || ',
    replacement: '',
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2024-24680'],
    file: 'framework/contrib/humanize/templatetags/humanize.ts',
    text: "    groups.push(characters.slice(start, end).join(''));\n",
    replacement: `    ${look('text')}\n    groups.push(characters.slice(start, end).join(''));\n`,
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2024-27351'],
    file: 'framework/utils/truncate.ts',
    text: '`(?<=[^${SPACE}])[${SPACE}]+(?=[^${SPACE}])`',
    replacement: '`[${SPACE}]+(?=[^${SPACE}])`',
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2024-38875'],
    file: 'framework/utils/urlize.ts',
    text: '      trail = middle.slice(-extra);\n      middle = middle.slice(0, -extra);\n      surplus[i] = 0;\n',
    replacement:
      '      trail = middle.slice(-1) + trail;\n      middle = middle.slice(0, -1);\n      surplus[i] = count(middle, pair[1] as string) - count(middle, pair[0] as string);\n',
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2024-41989'],
    file: 'framework/python/numbers.ts',
    text: '\\d+(?:_\\d+)*(?:\\.(?:\\d+(?:_\\d+)*)?)?|',
    replacement: '\\d+(?:_\\d+)*\\.?(?:\\d+(?:_\\d+)*)?|',
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2024-41990'],
    file: 'framework/utils/urlize.ts',
    text: 'const stripped = rstrip(middle, reference === -1 ? TRAILING : TRAILING_IN_REFERENCE);',
    replacement:
      'const stripped = (reference === -1 ? TRAILING : TRAILING_IN_REFERENCE).includes(middle.at(-1) as string)\n      ? middle.slice(0, -1)\n      : middle;',
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2024-41991'],
    file: 'framework/utils/urlize.ts',
    text: 'const short = textLength(middle) <= MAX_URL_LENGTH;',
    replacement: 'const short = true;',
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2024-53907'],
    file: 'framework/utils/strip_tags.ts',
    text: "    if (count(text.slice(found.index, close), '<') >= MAX_DEPTH) throw new SuspiciousOperation();\n",
    replacement: '',
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2025-26699'],
    file: 'framework/python/textwrap.ts',
    text: '      const size = textLength(chunks[at] as string);\n',
    replacement: `      ${look('line')}\n      const size = textLength(chunks[at] as string);\n`,
    test: TEMPLATES,
  },
  {
    advisories: ['CVE-2025-32873'],
    file: 'framework/python/html_source.ts',
    text: '    if (at === -1) this.absent.set(part, Math.min(from, known ?? from));\n',
    replacement: '',
    test: TEMPLATES,
  },

  // Files and caches.
  {
    advisories: ['CVE-2009-2659'],
    file: 'framework/utils/_os.ts',
    text: '!finalPath.startsWith(inside)',
    replacement: '!finalPath.startsWith(basePath)',
    test: FILES,
  },
  {
    advisories: ['CVE-2017-7234'],
    file: 'framework/views/static.ts',
    text: 'escapeLeadingSlashes(`${escapeUriPath(request.path)}/`)',
    replacement: '`${escapeUriPath(request.path)}/`',
    test: FILES,
  },
  {
    advisories: ['CVE-2020-13254'],
    file: 'framework/core/cache/backends/memcached.ts',
    text: '    for (const warning of memcacheKeyWarnings(key)) throw new InvalidCacheKey(warning);\n',
    replacement: '',
    test: FILES,
  },
  {
    advisories: ['CVE-2020-24583'],
    file: 'framework/core/files/storage/filesystem.ts',
    text: '    for (let made = folder; first !== undefined && made.startsWith(first); made = path.dirname(made)) {\n      chmodSync(made, mode);\n    }\n',
    replacement: '    if (first !== undefined) chmodSync(folder, mode);\n',
    test: FILES,
  },
  {
    advisories: ['CVE-2020-24584'],
    file: 'framework/core/cache/backends/filebased.ts',
    text: '{ recursive: true, mode: 0o700 }',
    replacement: '{ recursive: true }',
    test: FILES,
  },
  {
    advisories: ['CVE-2021-45452', 'CVE-2024-39330'],
    file: 'framework/core/files/storage/base.ts',
    text: '    validateFileName(valid);\n',
    replacement: '',
    test: FILES,
  },
  {
    advisories: ['CVE-2021-45452', 'CVE-2024-39330'],
    file: 'framework/core/files/storage/base.ts',
    text: '    validateFileName(available);\n',
    replacement: '',
    test: FILES,
  },
  {
    advisories: ['CVE-2021-45452', 'CVE-2024-39330'],
    file: 'framework/core/files/storage/base.ts',
    text: '    validateFileName(stored);\n',
    replacement: '',
    test: FILES,
  },
  {
    advisories: ['CVE-2026-25674'],
    file: 'framework/core/files/storage/filesystem.ts',
    text: '    const first = mkdirSync(folder, { recursive: true, mode });\n',
    replacement:
      '    process.umask(0o777 & ~mode);\n    const first = mkdirSync(folder, { recursive: true, mode });\n',
    test: FILES,
  },

  // Queries and sessions.
  {
    advisories: ['CVE-2011-4136'],
    file: 'framework/contrib/sessions/backends/cache.ts',
    text: '  return session.cacheKeyPrefix + sessionKey;\n',
    replacement: '  return sessionKey;\n',
    test: DATA,
  },
  {
    advisories: ['CVE-2015-5143'],
    file: 'framework/contrib/sessions/middleware.ts',
    text: '  if (empty || response.statusCode >= 500) return response;\n  if (state.modified ||',
    replacement: '  if (response.statusCode >= 500) return response;\n  if (accessed || state.modified ||',
    test: DATA,
  },
  {
    advisories: ['CVE-2015-5963', 'CVE-2015-5964'],
    file: 'framework/contrib/sessions/middleware.ts',
    text: '  const empty = session.isEmpty();\n',
    replacement: '  const empty = false;\n',
    test: DATA,
  },
  {
    advisories: [
      'CVE-2021-35042',
      'CVE-2022-28346',
      'CVE-2024-42005',
      'CVE-2025-13372',
      'CVE-2025-57833',
      'CVE-2025-59681',
      'CVE-2025-64459',
      'CVE-2026-1287',
      'CVE-2026-1312',
    ],
    file: 'framework/db/models/sql/names.ts',
    text: '      if (at === 0 || failOnMissing) throw unknownName(name, opts, annotations, filtered);\n',
    replacement:
      '      if (at === 0 || failOnMissing) return { path, finalField: opts.pk, target: opts.pk, rest: [] };\n',
    test: DATA,
  },
];
