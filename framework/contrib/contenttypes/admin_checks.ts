/** What a generic inline can have wrong. Django: `GenericInlineModelAdminChecks`. */
import type { CheckMessage } from '../../core/checks/messages';
import { InlineModelAdminChecks } from '../admin/checks/inlines';
import { anyField, spelling, wrong } from '../admin/checks/messages';
import type { InlineModelAdmin } from '../admin/options/inlines';
import { GenericForeignKey } from './generic_foreign_key';

/** The checks of a generic inline: instead of a foreign key it has two fields of a GenericForeignKey. */
export class GenericInlineModelAdminChecks extends InlineModelAdminChecks {
  override *checkExcludeOfParentModel(): Generator<CheckMessage> {}

  override *checkRelation(inline: InlineModelAdmin): Generator<CheckMessage> {
    const { ctField, ctFkField, opts } = inline as InlineModelAdmin & Record<'ctField' | 'ctFkField', string>;
    const keys = opts.privateFields.filter((field) => field instanceof GenericForeignKey);
    if (keys.length === 0) {
      yield wrong(inline, 'admin.E301', `'${opts.label}' has no GenericForeignKey.`);
      return;
    }
    for (const [option, name, id] of [
      ['ctField', ctField, 'admin.E302'],
      ['ctFkField', ctFkField, 'admin.E303'],
    ] as const) {
      if (anyField(opts, name) !== undefined) continue;
      yield wrong(inline, id, `'${option}' references '${name}', which is not a field on '${opts.label}'.`);
      return;
    }
    const isTied = keys.some(
      (key) =>
        key instanceof GenericForeignKey &&
        spelling(key.ctField) === spelling(ctField) &&
        spelling(key.fkField) === spelling(ctFkField),
    );
    if (isTied) return;
    yield wrong(
      inline,
      'admin.E304',
      `'${opts.label}' has no GenericForeignKey using content type field '${ctField}' and object ID field '${ctFkField}'.`,
    );
  }
}
