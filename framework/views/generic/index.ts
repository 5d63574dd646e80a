/** Class-based views. https://docs.djangoproject.com/en/5.2/ref/class-based-views/ */
export {
  AsyncContextMixin,
  ContextMixin,
  ContextView,
  RedirectView,
  TemplateResponseMixin,
  TemplateView,
  View,
  type ViewFunction,
  type ViewParams,
} from './base';
export {
  ArchiveIndexView,
  DateDetailView,
  DateMixin,
  DayArchiveView,
  MonthArchiveView,
  TodayArchiveView,
  WeekArchiveView,
  YearArchiveView,
} from './dates';
export { DetailView, SingleObjectMixin, SingleObjectTemplateResponseMixin } from './detail';
export {
  CreateView,
  DeleteView,
  FormMixin,
  FormView,
  ModelFormMixin,
  ProcessFormMixin,
  UpdateView,
} from './edit';
export {
  ListView,
  MultipleObjectMixin,
  MultipleObjectTemplateResponseMixin,
} from './list';
export type {
  ArchiveView,
  Context,
  DatedItems,
  GetView,
  ModelFormView,
  MultipleObjectTemplateView,
  MultipleObjectView,
  Paginated,
  Period,
  ProcessFormView,
  RowSource,
  SingleObjectTemplateView,
  SingleObjectView,
  ViewForm,
  ViewFormClass,
  ViewModelForm,
  WithDates,
  WithForm,
} from './types';
