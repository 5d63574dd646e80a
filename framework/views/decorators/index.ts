export { cacheControl, cachePage, neverCache } from './cache';
export { xframeOptionsDeny, xframeOptionsExempt, xframeOptionsSameorigin } from './clickjacking';
export { noAppendSlash } from './common';
export { cspOverride, cspReportOnlyOverride } from './csp';
export { csrfExempt, csrfProtect, ensureCsrfCookie, requiresCsrfToken } from './csrf';
export { sensitivePostParameters } from './debug';
export { gzipPage } from './gzip';
export {
  condition,
  conditionalPage,
  etag,
  lastModified,
  requireGET,
  requireHttpMethods,
  requirePOST,
  requireSafe,
} from './http';
export { varyOnCookie, varyOnHeaders } from './vary';
