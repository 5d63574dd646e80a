export {
  clearScriptPrefix,
  clearUrlCaches,
  getResolver,
  getScriptPrefix,
  getUrlconf,
  isValidPath,
  overrideUrlconf,
  type QueryValues,
  type ReverseOptions,
  resolve,
  reverse,
  reverseLazy,
  setScriptPrefix,
  setUrlconf,
} from './base';
export { below, type Included, include, type PathOptions, type PathsBelow, path, rePath } from './conf';
export {
  type Converter,
  getConverters,
  IntConverter,
  PathConverter,
  registerConverter,
  SlugConverter,
  StringConverter,
  UUIDConverter,
} from './converters';
export { NoReverseMatch, Resolver404, type Tried } from './exceptions';
export type { AnyView, Params, RegexParams, RouteConverters, RouteParams, View } from './params';
export { RegexPattern, RoutePattern } from './patterns';
export {
  ResolverMatch,
  URLPattern,
  URLResolver,
  type Urlconf,
  type UrlconfModule,
  type UrlEntry,
} from './resolvers';
export { getCallable } from './utils';
