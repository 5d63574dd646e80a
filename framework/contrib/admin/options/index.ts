export { BaseModelAdmin, type FormfieldOverrides } from './base';
export { InlineModelAdmin, type InlineModelAdminClass, StackedInline, TabularInline } from './inlines';
export { ModelAdmin } from './model_admin';
export type { AdminAction, ModelAdminClass, ModelAdminOptions } from './model_admin_types';
