/** What the options of a list can have wrong. */
import type { CheckMessage } from '../../../core/checks/messages';
import { FieldDoesNotExist } from '../../../core/exceptions';
import type { Field } from '../../../db/models/fields/base';
import { ManyToManyField } from '../../../db/models/fields/related';
import { Relation } from '../../../db/models/fields/reverse_related';
import { FieldListFilter, ListFilter } from '../filters';
import type { ModelAdmin } from '../options/model_admin';
import { nameOf } from '../utils/fields';
import { fieldsFromPath, type Step } from '../utils/paths';
import {
  anyField,
  hasMember,
  isSubclass,
  itemsOf,
  missingField,
  mustBe,
  mustInheritFrom,
  optionOf,
  spelling,
  wrong,
} from './messages';

type Found = Generator<CheckMessage>;

const shown = (item: unknown): string => (typeof item === 'function' ? nameOf(item as never) : String(item));

/** Whether a list has a name, in either spelling, or a function. */
function has(list: readonly unknown[] | null, item: unknown): boolean {
  return list?.map(spelling).includes(spelling(item)) ?? false;
}

/** The end of a path; undefined where it leads to no field. */
function endOfPath({ opts }: ModelAdmin, path: unknown): Step | undefined {
  if (typeof path !== 'string') return undefined;
  try {
    return fieldsFromPath(opts, path).at(-1);
  } catch (error) {
    if (error instanceof FieldDoesNotExist) return undefined;
    throw error;
  }
}

/** A column of the list. */
function* checkColumn(admin: ModelAdmin, item: unknown, label: string): Found {
  if (typeof item === 'function' || item === '__str__') return;
  if (typeof item === 'string' && hasMember(admin, item)) return;
  const { opts, model } = admin;
  const field = anyField(opts, item) ?? relationOf(admin, item);
  if (field === undefined) {
    if (typeof item === 'string' && hasMember(model.prototype, item)) return;
    if (endOfPath(admin, item) === undefined) {
      yield wrong(
        admin,
        'admin.E108',
        `The value of '${label}' refers to '${shown(item)}', which is not a callable or attribute of ` +
          `'${admin.constructor.name}', or an attribute, method, or field on '${opts.label}'.`,
      );
      return;
    }
  }
  const last = field ?? endOfPath(admin, item);
  if (last instanceof ManyToManyField || (last instanceof Relation && last.isMultiple)) {
    yield wrong(
      admin,
      'admin.E109',
      `The value of '${label}' must not be a many-to-many field or a reverse foreign key.`,
    );
  }
}

/** A relation from its other side, by the name of the member that a row has for it. */
function relationOf({ opts }: ModelAdmin, name: unknown): Relation | undefined {
  return opts
    .getFields()
    .find(
      (each): each is Relation =>
        each instanceof Relation && (each.property === name || each.accessorName === name),
    );
}

function* checkColumns(admin: ModelAdmin): Found {
  const columns = optionOf(admin, 'listDisplay');
  if (!Array.isArray(columns)) yield mustBe(admin, 'admin.E107', 'listDisplay', 'a list or tuple');
  else for (const [item, label] of itemsOf(columns, 'listDisplay')) yield* checkColumn(admin, item, label);
}

function* checkLinks(admin: ModelAdmin, hasOwnColumns: boolean): Found {
  const links = optionOf(admin, 'listDisplayLinks');
  if (links === null) return;
  if (!Array.isArray(links)) {
    yield mustBe(admin, 'admin.E110', 'listDisplayLinks', 'a list, a tuple, or None');
    return;
  }
  // The columns that a method says are not known before a request.
  if (hasOwnColumns) return;
  for (const [item, label] of itemsOf(links, 'listDisplayLinks')) {
    if (has(admin.listDisplay, item)) continue;
    yield wrong(
      admin,
      'admin.E111',
      `The value of '${label}' refers to '${shown(item)}', which is not defined in 'listDisplay'.`,
    );
  }
}

/** A field, a pair of one with its filter, or a filter of its own. */
function* checkFilter(admin: ModelAdmin, item: unknown, label: string): Found {
  if (typeof item === 'function') {
    if (!isSubclass(item, ListFilter)) yield mustInheritFrom(admin, 'admin.E113', label, 'ListFilter');
    else if (isSubclass(item, FieldListFilter)) {
      yield wrong(admin, 'admin.E114', `The value of '${label}' must not inherit from 'FieldListFilter'.`);
    }
  } else if (Array.isArray(item)) {
    if (!isSubclass(item[1], FieldListFilter)) {
      yield mustInheritFrom(admin, 'admin.E115', `${label}[1]`, 'FieldListFilter');
    }
  } else if (endOfPath(admin, item) === undefined) {
    yield wrong(
      admin,
      'admin.E116',
      `The value of '${label}' refers to '${String(item)}', which does not refer to a Field.`,
    );
  }
}

function* checkFilters(admin: ModelAdmin): Found {
  const filters = optionOf(admin, 'listFilter');
  if (!Array.isArray(filters)) yield mustBe(admin, 'admin.E112', 'listFilter', 'a list or tuple');
  else for (const [item, label] of itemsOf(filters, 'listFilter')) yield* checkFilter(admin, item, label);
}

/** Whether a field tells rows apart, alone or with others: what a form of a row that is there cannot change. */
const isKey = (field: Field): boolean => field.primaryKey || field.model.pkFields.includes(field);

/** A column that is a form field. */
function* checkEditable(admin: ModelAdmin, name: unknown, label: string): Found {
  const field = anyField(admin.opts, name);
  const { listDisplay, listDisplayLinks } = admin;
  if (field === undefined) yield missingField(admin, 'admin.E121', label, name);
  else if (!has(listDisplay, name)) {
    yield wrong(
      admin,
      'admin.E122',
      `The value of '${label}' refers to '${String(name)}', which is not contained in 'listDisplay'.`,
    );
  } else if (has(listDisplayLinks, name)) {
    yield wrong(
      admin,
      'admin.E123',
      `The value of '${String(name)}' cannot be in both 'listEditable' and 'listDisplayLinks'.`,
    );
  } else if (has(listDisplay.slice(0, 1), name) && listDisplayLinks?.length === 0) {
    yield wrong(
      admin,
      'admin.E124',
      `The value of '${label}' refers to the first field in 'listDisplay' ('${shown(listDisplay[0])}'), which cannot be ` +
        "used unless 'listDisplayLinks' is set.",
    );
  } else if (field instanceof Relation || !field.editable || isKey(field)) {
    yield wrong(
      admin,
      'admin.E125',
      `The value of '${label}' refers to '${String(name)}', which is not editable through the admin.`,
    );
  }
}

function* checkEditables(admin: ModelAdmin): Found {
  const editable = optionOf(admin, 'listEditable');
  if (!Array.isArray(editable)) yield mustBe(admin, 'admin.E120', 'listEditable', 'a list or tuple');
  else
    for (const [name, label] of itemsOf(editable, 'listEditable')) yield* checkEditable(admin, name, label);
}

function* checkDateHierarchy(admin: ModelAdmin): Found {
  const path = optionOf(admin, 'dateHierarchy');
  if (path === null || path === undefined) return;
  const field = endOfPath(admin, path);
  if (field === undefined) {
    yield wrong(
      admin,
      'admin.E127',
      `The value of 'dateHierarchy' refers to '${String(path)}', which does not refer to a Field.`,
    );
  } else if (field instanceof Relation || !['DateField', 'DateTimeField'].includes(field.internalType)) {
    yield mustBe(admin, 'admin.E128', 'dateHierarchy', 'a DateField or DateTimeField');
  }
}

/** What the options of a list have wrong. @param hasOwnColumns whether a method says the columns. */
export function* checkListing(admin: ModelAdmin, hasOwnColumns: boolean): Found {
  yield* checkColumns(admin);
  yield* checkLinks(admin, hasOwnColumns);
  yield* checkFilters(admin);
  const related = optionOf(admin, 'listSelectRelated');
  if (typeof related !== 'boolean' && !Array.isArray(related)) {
    yield mustBe(admin, 'admin.E117', 'listSelectRelated', 'a boolean, tuple or list');
  }
  for (const [option, id] of [
    ['listPerPage', 'admin.E118'],
    ['listMaxShowAll', 'admin.E119'],
  ] as const) {
    if (!Number.isInteger(optionOf(admin, option))) yield mustBe(admin, id, option, 'an integer');
  }
  yield* checkEditables(admin);
  if (!Array.isArray(optionOf(admin, 'searchFields'))) {
    yield mustBe(admin, 'admin.E126', 'searchFields', 'a list or tuple');
  }
  yield* checkDateHierarchy(admin);
}
