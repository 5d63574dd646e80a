/** The widgets of the admin. Django: `django.contrib.admin.widgets`. */
export { AutocompleteSelect, AutocompleteSelectMultiple } from './autocomplete';
export * from './inputs';
export { ForeignKeyRawIdWidget, ManyToManyRawIdWidget } from './raw_id';
export { RelatedFieldWidgetWrapper, type RelatedLinks } from './related';
