/** What an inline can have wrong. Django: `InlineModelAdminChecks`. */
import type { CheckMessage } from '../../../core/checks/messages';
import { ValueError } from '../../../core/exceptions';
import type { ForeignKey } from '../../../db/models/fields/related';
import { BaseModelFormSet } from '../../../forms/models/formset';
import { foreignKeyTo } from '../../../forms/models/inline';
import type { BaseModelAdmin } from '../options/base';
import type { InlineModelAdmin } from '../options/inlines';
import { BaseModelAdminChecks } from './base';
import { isSubclass, mustBe, mustInheritFrom, optionOf, spelling, wrong } from './messages';
import { checkSortable } from './sorting';

type Found = Generator<CheckMessage>;

/** The foreign key to the parent; what is wrong with it otherwise. */
function keyOf(inline: InlineModelAdmin): ForeignKey | ValueError {
  try {
    return foreignKeyTo(inline.parentModel, inline.model, inline.fkName ?? undefined);
  } catch (error) {
    if (error instanceof ValueError) return error;
    throw error;
  }
}

/** The checks of an inline. */
export class InlineModelAdminChecks extends BaseModelAdminChecks {
  override *check(base: BaseModelAdmin): Found {
    yield* super.check(base);
    const inline = base as InlineModelAdmin;
    yield* this.checkRelation(inline);
    yield* this.checkExcludeOfParentModel(inline);
    if (!Number.isInteger(optionOf(inline, 'extra'))) {
      yield mustBe(inline, 'admin.E203', 'extra', 'an integer');
    }
    for (const [option, id] of [
      ['maxNum', 'admin.E204'],
      ['minNum', 'admin.E205'],
    ] as const) {
      const value = optionOf(inline, option);
      if (value !== null && !Number.isInteger(value)) yield mustBe(inline, id, option, 'an integer');
    }
    if (inline.formset !== null && !isSubclass(inline.formset, BaseModelFormSet)) {
      yield mustInheritFrom(inline, 'admin.E206', 'formset', 'BaseModelFormSet');
    }
    yield* checkSortable(inline);
  }

  /** Whether there is a foreign key to the parent. A hook: what is tied otherwise. */
  *checkRelation(inline: InlineModelAdmin): Found {
    const key = keyOf(inline);
    if (key instanceof ValueError) yield wrong(inline, 'admin.E202', key.message);
  }

  /** The foreign key to the parent is not left out. A hook: what is tied otherwise. */
  *checkExcludeOfParentModel(inline: InlineModelAdmin): Found {
    const { exclude } = inline;
    if (exclude === null || !this.checkExclude(inline).next().done) return;
    const key = keyOf(inline);
    if (key instanceof ValueError || !exclude.map(spelling).includes(spelling(key.name))) return;
    yield wrong(
      inline,
      'admin.E201',
      `Cannot exclude the field '${key.name}', because it is the foreign key to the parent model ` +
        `'${inline.parentModel._meta.label}'.`,
    );
  }
}
