export { ContextMixin, RedirectView, TemplateView, View, type ViewFunction, type ViewParams } from './base';
