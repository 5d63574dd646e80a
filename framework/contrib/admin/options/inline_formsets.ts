/** The formsets of inlines. Django: `InlineModelAdmin.get_formset`. */

import { ValidationError } from '../../../core/exceptions';
import { connections } from '../../../db/connections';
import type { Model, ModelClass } from '../../../db/models/base';
import { Collector } from '../../../db/models/deletion';
import { ProtectedError, RestrictedError } from '../../../db/models/on_delete';
import { router } from '../../../db/router';
import type { Form } from '../../../forms/forms';
import { DELETION_FIELD_NAME } from '../../../forms/formsets';
import { inlineformsetFactory, ModelForm, type ModelformsetFactoryOptions } from '../../../forms/models';
import type { HttpRequest } from '../../../http/request';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { getTextList } from '../../../utils/text';
import { gettext } from '../../../utils/translation';
import { withFixedKey } from './fixed_keys';
import { excludedFields, type FormOptions, formFieldNames, type Keep, madeAnew } from './forms';
import type { InlineFormSetClass, InlineModelAdmin } from './inlines';
import { isFilledIn } from './sorting';

/** The class of the formset for the objects of a parent. */
export async function inlineFormset(
  inline: InlineModelAdmin,
  request: HttpRequest,
  obj: Model | null,
  { fields: given, change: _change, ...rest }: FormOptions,
  keep: Keep = madeAnew,
): Promise<InlineFormSetClass> {
  const { preparePermissions } = require('./formfields') as typeof import('./formfields');
  await preparePermissions(inline, request);
  const mayChange = await inline.hasChangePermission(request, obj);
  const mayAdd = await inline.hasAddPermission(request, obj);
  const named = given === undefined ? inline.formNamesOf(await inline.getFieldsets(request, obj)) : given;
  const fields = named === null ? null : formFieldNames(named);
  const exclude = await excludedFields(inline, request, obj, true, fields);
  const canDelete = inline.canDelete && (await inline.hasDeletePermission(request, obj));
  const own = withFixedKey(inline, (inline.form ?? ModelForm) as unknown as typeof ModelForm);
  const may = { add: mayAdd, change: mayChange, delete: canDelete };
  const counts = {
    extra: await inline.getExtra(request, obj),
    minNum: await inline.getMinNum(request, obj),
    maxNum: await inline.getMaxNum(request, obj),
  };
  const parts = [fields, exclude, may, Object.values(counts).map(String), inline.sortableName, inline.fkName];
  return keep(inline, request, parts, (formfieldCallback) =>
    inline.makeFormset({
      form: protectedForm(inline, own, may),
      fields: fields ?? own._meta.fields ?? '__all__',
      exclude: exclude.length > 0 ? exclude : null,
      formfieldCallback,
      ...(inline.formset !== null && { formset: inline.formset }),
      ...counts,
      canDelete,
      ...rest,
    } as never),
  );
}

/** The class of the forms: what whoever asks may not do, they leave alone. */
function protectedForm(
  inline: InlineModelAdmin,
  own: typeof ModelForm,
  may: Readonly<Record<'add' | 'change' | 'delete', boolean>>,
): typeof ModelForm {
  const sortable = inline.sortableName;
  class DeleteProtectedModelForm extends own {
    override fullClean(): MaybePromise<void> {
      const isMarked = may.delete && this.data.has(this.addPrefix(DELETION_FIELD_NAME));
      // What whoever asks may not change was not sent: it is not looked at, unless it is to be deleted.
      if (this.isBound && !may.change && !this.emptyPermitted && !isMarked) {
        this.isLeftAlone = true;
        Object.assign(this, { emptyPermitted: true });
      }
      return super.fullClean();
    }

    private isLeftAlone = false;

    override hasChanged(): boolean {
      if (this.isLeftAlone) return false;
      // Whoever may not change what is there, or may add nothing, changes nothing.
      if (!may.change && !this.instance._state.adding) return false;
      if (!may.add && this.instance._state.adding) return false;
      // A place among the others makes no row.
      if (sortable !== null && this.instance._state.adding)
        return isFilledIn(this as unknown as Form, sortable);
      return super.hasChanged();
    }

    protected override async postClean(): Promise<void> {
      await super.postClean();
      if (may.delete) await refuseProtected(this as unknown as ModelForm & Form, inline);
    }
  }
  return DeleteProtectedModelForm as unknown as typeof ModelForm;
}

/** The class of the formset of rows that a foreign key ties to the parent. */
export function keyedFormset(
  inline: InlineModelAdmin,
  options: ModelformsetFactoryOptions,
): InlineFormSetClass {
  return inlineformsetFactory(
    inline.parentModel as never,
    inline.model as never,
    {
      ...options,
      fkName: inline.fkName === null ? undefined : inline.formNameOf(inline.fkName),
    } as never,
  ) as unknown as InlineFormSetClass;
}

/** A row that is marked for deletion, and that others refer to which stay, is an error of its form. */
async function refuseProtected(form: ModelForm & Form, inline: InlineModelAdmin): Promise<void> {
  if ((form.cleanedData as Readonly<Record<string, unknown>>)[DELETION_FIELD_NAME] !== true) return;
  const { instance } = form;
  if (instance._state.adding) return;
  const collector = new Collector(connections.get(router.dbForWrite(inline.model)), instance);
  const inTheWay: Model[] = [];
  try {
    await collector.collect([instance]);
  } catch (error) {
    if (error instanceof ProtectedError) inTheWay.push(...error.protectedObjects);
    else if (error instanceof RestrictedError) inTheWay.push(...error.restrictedObjects);
    else throw error;
  }
  if (inTheWay.length === 0) return;
  const named = (row: Model): string => {
    const { verboseName } = (row.constructor as unknown as ModelClass)._meta;
    return gettext('%(class_name)s %(instance)s')
      .replace('%(class_name)s', String(verboseName))
      .replace('%(instance)s', String(row));
  };
  form.addError(
    null,
    new ValidationError(
      gettext(
        'Deleting %(class_name)s %(instance)s would require deleting the following protected related objects: %(related_objects)s',
      ),
      {
        code: 'deleting_protected',
        params: {
          class_name: String(inline.opts.verboseName),
          instance: String(instance),
          related_objects: getTextList(inTheWay.map(named), gettext('and')),
        },
      },
    ),
  );
}
