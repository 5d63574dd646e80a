/**
 * The admin.
 *
 * Django: `django.contrib.admin`; https://docs.djangoproject.com/en/5.2/ref/contrib/admin/
 */
import type { Model } from '../../db/models/base';
import type { ModelAdminClass } from './options';
import { type AdminSite, type ClassOf, site } from './sites';

export { autodiscover } from './autodiscover';
export { barChart, type ChartOptions, type DashboardCard, lineChart } from './dashboard';
export { type ActionOptions, action, type DisplayOptions, display } from './decorators';
export { exportCsv, exportJson } from './export';
export * from './filters';
export {
  ModelAdmin,
  type ModelAdminClass,
  type ModelAdminOptions,
  StackedInline,
  TabularInline,
} from './options';
export type { AdminPage } from './pages';
export type { ActionProgress, ActionSteps } from './progress';
export { type ActionFunction, AdminSite, site } from './sites';
export { type Fieldsets, HORIZONTAL, ShowFacets, VERTICAL } from './types';

/**
 * Registers the class of an admin for models: a decorator.
 *
 * @param models one or several.
 * @example
 * ```ts
 * @admin.register(Book)
 * class BookAdmin extends admin.ModelAdmin<Book> {}
 * ```
 */
export function register<M extends Model>(
  models: ClassOf<M> | readonly ClassOf<Model>[],
  options: { site?: AdminSite } = {},
): <A extends ModelAdminClass<M>>(adminClass: A) => void {
  return (adminClass) => (options.site ?? site).register(models, adminClass);
}
