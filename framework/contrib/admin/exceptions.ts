/** Django: `django.contrib.admin.exceptions`. */
import { SuspiciousOperation } from '../../core/exceptions';

/** A lookup in the address of a list that nobody may ask for. */
export class DisallowedModelAdminLookup extends SuspiciousOperation {
  override readonly name = 'DisallowedModelAdminLookup';
}

/** A field in the address of a pop-up whose values nobody may ask for. */
export class DisallowedModelAdminToField extends SuspiciousOperation {
  override readonly name = 'DisallowedModelAdminToField';
}

/** A model is registered already. */
export class AlreadyRegistered extends Error {
  override readonly name = 'AlreadyRegistered';
}

/** A model is not registered. */
export class NotRegistered extends Error {
  override readonly name = 'NotRegistered';
}

/** What the address asks of a list makes no sense: it leads to the list without it. */
export class IncorrectLookupParameters extends Error {
  override readonly name = 'IncorrectLookupParameters';
}
