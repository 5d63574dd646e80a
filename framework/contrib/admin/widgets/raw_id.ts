/** A relation as a key that is typed, or chosen in a pop-up. Django: `ForeignKeyRawIdWidget`, `ManyToManyRawIdWidget`. */

import { ValidationError } from '../../../core/exceptions';
import type { Model } from '../../../db/models/base';
import { classIn } from '../../../db/models/classes';
import type { ForeignKey, ManyToManyField } from '../../../db/models/fields/related';
import * as forms from '../../../forms';
import type { DataSource } from '../../../forms/data';
import type { Attrs, WidgetContext } from '../../../forms/widgets/base';
import { NoReverseMatch, reverse } from '../../../urls';
import type { AdminSite } from '../sites';
import { TO_FIELD_VAR } from '../types';
import { quote } from '../utils/quote';
import { rowsOfKeys } from './rows';

/** What is shown beside a key: what its row is called, and where its page is. */
interface RowLabel {
  readonly label: string;
  readonly url: string;
}

export class ForeignKeyRawIdWidget extends forms.TextInput {
  override templateName = 'admin/widgets/foreign_key_raw_id.html';
  private readonly labels = new Map<string, RowLabel>();

  constructor(
    protected readonly field: ForeignKey | ManyToManyField,
    private readonly adminSite: AdminSite,
    options: forms.WidgetOptions & { using?: string | undefined } = {},
  ) {
    super(options);
    this.using = options.using;
  }

  private readonly using: string | undefined;

  /** The query of the pop-up: to what the choice is limited, and which value it gives back. */
  protected get urlParameters(): URLSearchParams {
    const { limitChoicesTo } = this.field.options;
    const limit: unknown =
      typeof limitChoicesTo === 'function' ? (limitChoicesTo as () => unknown)() : limitChoicesTo;
    const params = new URLSearchParams();
    // A Q cannot stand in an address: whoever reads the form looks at it all the same.
    if (limit !== null && typeof limit === 'object' && !('children' in limit)) {
      for (const [path, value] of Object.entries(limit)) {
        const isList = Array.isArray(value) || value instanceof Set;
        params.append(
          path,
          isList
            ? [...(value as Iterable<unknown>)].join(',')
            : typeof value === 'boolean'
              ? String(Number(value))
              : String(value),
        );
      }
    }
    params.append(TO_FIELD_VAR, this.toField);
    return params;
  }

  protected get toField(): string {
    return 'targetField' in this.field
      ? (this.field as ForeignKey).targetField.name
      : this.field.remoteModel.pk.name;
  }

  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    const context = super.getContext(name, value, attrs) as { widget: WidgetContext } & Record<
      string,
      unknown
    >;
    const { remoteModel } = this.field;
    if (this.adminSite.find(classIn(this.field.model, remoteModel)) !== undefined) {
      const { appLabel, modelName } = remoteModel;
      const list = reverse(`admin:${appLabel}_${modelName}_changelist`, { currentApp: this.adminSite.name });
      context['related_url'] = `${list}?${this.urlParameters.toString()}`;
      context['link_title'] = 'Lookup';
      context.widget.attrs['class'] ??= this.cssClass;
    }
    const known = this.labels.get(String(value));
    if (known !== undefined) Object.assign(context, { link_label: known.label, link_url: known.url });
    return context;
  }

  protected get cssClass(): string {
    return 'vForeignKeyRawIdAdminField';
  }

  /** The labels are of all rows of the model, whatever may be chosen. */
  sharesRows(): boolean {
    return true;
  }

  /** Reads what the rows of keys are called, before forms are shown. */
  async load(
    keys: readonly unknown[],
    _field: forms.Field,
    others: readonly ForeignKeyRawIdWidget[] = [],
  ): Promise<void> {
    const { field, toField } = this;
    const { _defaultManager: manager } = classIn(field.model, field.remoteModel);
    const rows = await rowsOfKeys(keys, (some) =>
      manager.using(this.using).filter({ [`${toField}__in`]: some } as never),
    );
    const byKey = new Map(rows.map((row) => [String(row.serializableValue(toField)), row]));
    for (const key of keys) {
      const row = byKey.get(this.textOf(key));
      if (row === undefined) continue;
      const label = Array.from(String(row));
      const shown = {
        label: label.length > 14 ? `${label.slice(0, 13).join('')}…` : label.join(''),
        url: this.pageOf(row),
      };
      for (const widget of [this, ...others]) widget.labels.set(String(key), shown);
    }
  }

  /** A key as its row has it: what was typed may be written otherwise. */
  private textOf(key: unknown): string {
    try {
      return String(this.field.remoteModel.getField(this.toField).toPython(key));
    } catch (error) {
      if (error instanceof ValidationError) return String(key);
      throw error;
    }
  }

  private pageOf(row: Model): string {
    const { appLabel, modelName } = this.field.remoteModel;
    try {
      const args = [quote(String(row.pk))];
      return reverse(`admin:${appLabel}_${modelName}_change`, { args, currentApp: this.adminSite.name });
    } catch (error) {
      if (error instanceof NoReverseMatch) return '';
      throw error;
    }
  }
}

/** Several keys, with commas between them. */
export class ManyToManyRawIdWidget extends ForeignKeyRawIdWidget {
  override templateName = 'admin/widgets/many_to_many_raw_id.html';

  protected override get cssClass(): string {
    return 'vManyToManyRawIdAdminField';
  }

  override valueFromDatadict(data: DataSource, _files: DataSource, name: string): unknown {
    const value = data.get(name);
    return typeof value === 'string' && value !== '' ? value.split(',') : null;
  }

  override formatValue(value: unknown): unknown {
    return Array.isArray(value) ? value.map(String).join(',') : value ? super.formatValue(value) : '';
  }

  /** There is room for the keys alone. */
  override async load(): Promise<void> {}
}
