/** What admins of models and inlines can have wrong. Django: `BaseModelAdminChecks`. */
import type { CheckMessage } from '../../../core/checks/messages';
import { classIn } from '../../../db/models/classes';
import type { Field } from '../../../db/models/fields/base';
import { ForeignKey, ManyToManyField, type RelatedField } from '../../../db/models/fields/related';
import { Relation } from '../../../db/models/fields/reverse_related';
import { ModelForm } from '../../../forms/models/model_form';
import { camelCase } from '../../../utils/module_loading';
import type { BaseModelAdmin } from '../options/base';
import { HORIZONTAL, VERTICAL } from '../types';
import { checkFieldSpecs } from './fieldsets';
import {
  anyField,
  hasDuplicates,
  hasMember,
  isDictionary,
  isSubclass,
  itemsOf,
  missingField,
  mustBe,
  mustInheritFrom,
  optionOf,
  wrong,
} from './messages';
import { checkOrdering } from './ordering';

type Found = Generator<CheckMessage>;
type ItemCheck = (admin: BaseModelAdmin, item: unknown, label: string) => Found;

/** Checks each item of an option, which has to be a list. */
export function* checkList(admin: BaseModelAdmin, option: string, id: string, check: ItemCheck): Found {
  const list = optionOf(admin, option);
  if (!Array.isArray(list)) yield mustBe(admin, id, option, 'a list or tuple');
  else for (const [item, label] of itemsOf(list, option)) yield* check(admin, item, label);
}

const isToOneOrMany = (field: Field | Relation): field is RelatedField =>
  field instanceof ForeignKey || field instanceof ManyToManyField;

function* checkAutocomplete(admin: BaseModelAdmin, name: unknown, label: string): Found {
  const field = anyField(admin.opts, name);
  if (field === undefined) {
    yield missingField(admin, 'admin.E037', label, name);
    return;
  }
  if (!isToOneOrMany(field)) {
    yield mustBe(admin, 'admin.E038', label, 'a foreign key or a many-to-many field');
    return;
  }
  const own = admin.constructor.name;
  const model = classIn(field.model, field.remoteModel);
  const related = admin.adminSite.find(model);
  if (related === undefined) {
    yield wrong(
      admin,
      'admin.E039',
      `An admin for model "${model.name}" has to be registered to be referenced by ${own}.autocompleteFields.`,
    );
  } else if (related.searchFields.length === 0) {
    yield wrong(
      admin,
      'admin.E040',
      `${related.constructor.name} must define "searchFields", because it's referenced by ${own}.autocompleteFields.`,
    );
  }
}

function* checkRawId(admin: BaseModelAdmin, name: unknown, label: string): Found {
  const field = anyField(admin.opts, name);
  // What the column of a foreign key is called is not the field's name.
  if (field === undefined || (field.name !== name && camelCase(field.name) !== name)) {
    yield missingField(admin, 'admin.E002', label, name);
  } else if (!isToOneOrMany(field)) {
    yield mustBe(admin, 'admin.E003', label, 'a foreign key or a many-to-many field');
  }
}

function* checkExclude(admin: BaseModelAdmin): Found {
  const exclude = optionOf(admin, 'exclude');
  if (exclude === null || exclude === undefined) return;
  if (!Array.isArray(exclude)) yield mustBe(admin, 'admin.E014', 'exclude', 'a list or tuple');
  else if (hasDuplicates(exclude)) {
    yield wrong(admin, 'admin.E015', "The value of 'exclude' contains duplicate field(s).");
  }
}

function* checkForm(admin: BaseModelAdmin): Found {
  if (admin.form === null || isSubclass(admin.form, ModelForm)) return;
  yield mustInheritFrom(admin, 'admin.E016', 'form', 'BaseModelForm');
}

/** An item of `filterVertical` or `filterHorizontal`. */
function* checkFilter(admin: BaseModelAdmin, name: unknown, label: string): Found {
  const field = anyField(admin.opts, name);
  if (field === undefined) yield missingField(admin, 'admin.E019', label, name);
  else if (!(field instanceof ManyToManyField)) {
    yield mustBe(admin, 'admin.E020', label, 'a many-to-many field');
  } else if (!field.hasOwnTable) {
    yield wrong(
      admin,
      'admin.E013',
      `The value of '${label}' cannot include the ManyToManyField '${String(name)}', because that field manually ` +
        'specifies a relationship model.',
    );
  }
}

function* checkRadioFields(admin: BaseModelAdmin): Found {
  const radio = optionOf(admin, 'radioFields');
  if (!isDictionary(radio)) {
    yield mustBe(admin, 'admin.E021', 'radioFields', 'a dictionary');
    return;
  }
  for (const [name, direction] of Object.entries(radio)) {
    const field = anyField(admin.opts, name);
    if (field === undefined) yield missingField(admin, 'admin.E022', 'radioFields', name);
    else if (!(field instanceof ForeignKey) && (field instanceof Relation || field.choices === undefined)) {
      yield wrong(
        admin,
        'admin.E023',
        `The value of 'radioFields' refers to '${name}', which is not an instance of ForeignKey, and does not have a ` +
          "'choices' definition.",
      );
    }
    if (direction !== HORIZONTAL && direction !== VERTICAL) {
      yield wrong(
        admin,
        'admin.E024',
        `The value of 'radioFields["${name}"]' must be either admin.HORIZONTAL or admin.VERTICAL.`,
      );
    }
  }
}

function* checkPrepopulated(admin: BaseModelAdmin): Found {
  const prepopulated = optionOf(admin, 'prepopulatedFields');
  if (!isDictionary(prepopulated)) {
    yield mustBe(admin, 'admin.E026', 'prepopulatedFields', 'a dictionary');
    return;
  }
  for (const [name, sources] of Object.entries(prepopulated)) {
    const field = anyField(admin.opts, name);
    const label = `prepopulatedFields["${name}"]`;
    if (field === undefined) yield missingField(admin, 'admin.E027', 'prepopulatedFields', name);
    else if (
      isToOneOrMany(field) ||
      (!(field instanceof Relation) && field.internalType === 'DateTimeField')
    ) {
      yield wrong(
        admin,
        'admin.E028',
        `The value of 'prepopulatedFields' refers to '${name}', which must not be a DateTimeField, a ForeignKey, a ` +
          'OneToOneField, or a ManyToManyField.',
      );
    }
    if (!Array.isArray(sources)) yield mustBe(admin, 'admin.E029', label, 'a list or tuple');
    else {
      for (const [source, at] of itemsOf(sources, label)) {
        if (anyField(admin.opts, source) === undefined) yield missingField(admin, 'admin.E030', at, source);
      }
    }
  }
}

function* checkViewOnSite(admin: BaseModelAdmin): Found {
  const given = optionOf(admin, 'viewOnSite');
  if (typeof given === 'function' || typeof given === 'boolean') return;
  yield wrong(admin, 'admin.E025', "The value of 'viewOnSite' must be a callable or a boolean value.");
}

function* checkReadonly(admin: BaseModelAdmin, name: unknown, label: string): Found {
  if (typeof name === 'function') return;
  if (typeof name === 'string' && (hasMember(admin, name) || hasMember(admin.model.prototype, name))) return;
  if (name === '__str__' || anyField(admin.opts, name) !== undefined) return;
  yield wrong(
    admin,
    'admin.E035',
    `The value of '${label}' refers to '${String(name)}', which is not a callable, an attribute of ` +
      `'${admin.constructor.name}', or an attribute of '${admin.opts.label}'.`,
  );
}

/** The checks of what admins of models and inlines have in common. */
export class BaseModelAdminChecks {
  /** What is wrong. */
  *check(admin: BaseModelAdmin): Found {
    yield* checkList(admin, 'autocompleteFields', 'admin.E036', checkAutocomplete);
    yield* checkList(admin, 'rawIdFields', 'admin.E001', checkRawId);
    yield* checkFieldSpecs(admin);
    yield* this.checkExclude(admin);
    yield* checkForm(admin);
    yield* checkList(admin, 'filterVertical', 'admin.E017', checkFilter);
    yield* checkList(admin, 'filterHorizontal', 'admin.E018', checkFilter);
    yield* checkRadioFields(admin);
    yield* checkPrepopulated(admin);
    yield* checkViewOnSite(admin);
    yield* checkOrdering(admin);
    yield* checkList(admin, 'readonlyFields', 'admin.E034', checkReadonly);
  }

  /** @internal */
  checkExclude(admin: BaseModelAdmin): Found {
    return checkExclude(admin);
  }
}
