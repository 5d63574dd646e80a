/** What is said of functions of an admin. Django: `django.contrib.admin.decorators`. */
import type { Expression } from '../../db/models/expressions/base';
import type { Text } from '../../utils/functional';

/** How a column of a list, or a value that only is shown, looks. */
export interface DisplayOptions {
  /** Its title. Default: made of the function's name. */
  description?: Text;
  /** Whether it is shown as yes, no or unknown. */
  boolean?: boolean;
  /** What the list is sorted by when this column is: a path, `-path`, or an expression. */
  ordering?: string | Expression;
  /** What is shown for nothing. */
  emptyValue?: Text;
}

/** What an action says of itself. */
export interface ActionOptions {
  /** What the list of actions calls it. Default: made of the function's name. */
  description?: Text;
  /** The permissions of which one is needed: `change` asks `hasChangePermission()`. */
  permissions?: readonly string[];
}

/** What these options are called on a function: Django's attributes in camelCase. */
export interface DisplayMarks {
  shortDescription?: Text;
  boolean?: boolean;
  adminOrderField?: string | Expression;
  emptyValueDisplay?: Text;
}

/** What an action has on its function. */
export interface ActionMarks {
  shortDescription?: Text;
  allowedPermissions?: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: a function of an admin takes what it declares.
type AnyFunction = (...args: any[]) => unknown;

/** A decorator of a method, and a wrapper of a function. */
function marking(marks: object): {
  <F extends AnyFunction>(fn: F): F;
  (target: object, key: string | symbol, found: PropertyDescriptor): void;
} {
  return ((target: object, key?: string | symbol, found?: PropertyDescriptor) => {
    const fn = key === undefined ? target : (found?.value ?? found?.get);
    if (typeof fn !== 'function') throw new TypeError(`${String(key)} is no method: it cannot be marked.`);
    Object.assign(fn, marks);
    return key === undefined ? target : undefined;
  }) as never;
}

/**
 * Says how what a method of an admin or a model returns is shown in a list or among fields.
 *
 * @example
 * ```ts
 * class BookAdmin extends admin.ModelAdmin<Book> {
 *   override listDisplay = ['title', 'isOld'];
 *
 *   @admin.display({ description: 'old?', boolean: true, ordering: 'published' })
 *   isOld(book: Book) { return book.published < '2000-01-01'; }
 * }
 * ```
 * @throws TypeError for `boolean` with `emptyValue`.
 * https://docs.djangoproject.com/en/5.2/ref/contrib/admin/#the-display-decorator
 */
export function display({ description, boolean, ordering, emptyValue }: DisplayOptions = {}) {
  if (boolean !== undefined && emptyValue !== undefined) {
    throw new TypeError(
      'The boolean and empty_value arguments to the @display decorator are mutually exclusive.',
    );
  }
  return marking({
    ...(boolean !== undefined && { boolean }),
    ...(ordering !== undefined && { adminOrderField: ordering }),
    ...(emptyValue !== undefined && { emptyValueDisplay: emptyValue }),
    ...(description !== undefined && { shortDescription: description }),
  } satisfies DisplayMarks);
}

/**
 * Says what an action is called, and who may run it.
 *
 * @example
 * ```ts
 * @admin.action({ description: 'Publish', permissions: ['change'] })
 * async publish(request: HttpRequest, queryset: models.QuerySet<Book>) { await queryset.update({ isPublic: true }); }
 * ```
 * https://docs.djangoproject.com/en/5.2/ref/contrib/admin/actions/#the-action-decorator
 */
export function action({ description, permissions }: ActionOptions = {}) {
  return marking({
    ...(permissions !== undefined && { allowedPermissions: permissions }),
    ...(description !== undefined && { shortDescription: description }),
  } satisfies ActionMarks);
}
