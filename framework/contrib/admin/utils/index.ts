/** What the parts of the admin share. Django: `django.contrib.admin.utils`. */
export { constructChangeMessage } from './change_message';
export { type DeletionTree, getDeletedObjects } from './deleted_objects';
export { displayForField, displayForValue } from './display';
export {
  type Attribute,
  type FieldReference,
  fieldOf,
  helpTextForField,
  type Label,
  type LookedUp,
  labelForField,
  lookupField,
  nameOf,
} from './fields';
export { keyText, quoteKey } from './keys';
export { flatten, flattenFieldsets, modelFormatDict, modelNgettext } from './names';
export { quote, unquote } from './quote';
