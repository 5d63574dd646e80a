export * from './base';
export {
  Context,
  ContextPopException,
  type ContextProcessor,
  type ContextValues,
  RequestContext,
} from './context';
export { Engine, type EngineOptions } from './engine';
export { type TemplateDebug, TemplateDoesNotExist } from './exceptions';
export { type FilterFlags, type FilterFunction, Library, type TagCompiler } from './library';
export { getTemplate, renderToString, selectTemplate } from './loader';
export { SimpleTemplateResponse, TemplateResponse } from './response';
export { engines, InvalidTemplateEngineError } from './utils';
