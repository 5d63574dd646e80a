/** A relation whose rows are searched for while one types. Django: `AutocompleteSelect`, `AutocompleteSelectMultiple`. */
import type { ForeignKey, ManyToManyField } from '../../../db/models/fields/related';
import * as forms from '../../../forms';
import type { Choice } from '../../../forms/choices';
import type { Attrs, OptGroup } from '../../../forms/widgets/base';
import { reverse } from '../../../urls';
import type { AdminSite } from '../sites';
import { isWhole, rowsOfKeys } from './rows';

type SelectOptions = NonNullable<ConstructorParameters<typeof forms.Select>[0]>;

/** The rows that are chosen: all that a page needs to begin with. */
interface ChosenRows {
  readonly rows: readonly Choice[];
}

function attributes(
  field: ForeignKey | ManyToManyField,
  site: AdminSite,
  attrs: Attrs,
  isRequired: boolean,
): Attrs {
  const { appLabel, modelName } = field.model;
  const own = attrs['class'];
  return {
    'data-ajax--cache': 'true',
    'data-ajax--delay': 250,
    'data-ajax--type': 'GET',
    'data-ajax--url': reverse('admin:autocomplete', { currentApp: site.name }),
    'data-app-label': appLabel,
    'data-model-name': modelName,
    'data-field-name': field.name,
    'data-allow-clear': JSON.stringify(!isRequired),
    'data-placeholder': '',
    ...attrs,
    class: `${own ? `${String(own)} ` : ''}admin-autocomplete`,
  };
}

const MEDIA = { js: ['admin/js/autocomplete.js'] } as const;

export class AutocompleteSelect extends forms.Select {
  static override Media = MEDIA;
  private chosen: ChosenRows = { rows: [] };

  constructor(
    readonly field: ForeignKey | ManyToManyField,
    readonly adminSite: AdminSite,
    options: SelectOptions & { using?: string | undefined } = {},
  ) {
    super(options);
  }

  override buildAttrs(base: Attrs, extra: Attrs | null = null): Attrs {
    return attributes(this.field, this.adminSite, super.buildAttrs(base, extra), this.isRequired);
  }

  /** Only what is chosen is an option: the others are asked for. */
  override optgroups(name: string, value: readonly string[], attrs: Attrs | null = null): OptGroup[] {
    const empty: readonly Choice[] = this.isRequired || this.allowMultipleSelected ? [] : [['', '']];
    const wanted = new Set(value);
    const rows = this.chosen.rows.filter(([key]) => wanted.has(String(key)));
    const options = [...empty, ...rows].map(([key, label], i) =>
      this.createOption(name, key, label, wanted.has(String(key)) && key !== '', i, null, attrs),
    );
    return [[null, options, 0]];
  }

  /** Not where a form has narrowed the rows: it may be the only one that did. */
  sharesRows({ queryset }: forms.ModelChoiceField): boolean {
    return queryset !== null && isWhole(queryset.query);
  }

  /** Reads the rows of keys, before forms are shown. */
  async load(
    keys: readonly unknown[],
    field: forms.ModelChoiceField,
    others: readonly AutocompleteSelect[] = [],
  ): Promise<void> {
    const { queryset } = field;
    if (queryset === null) return;
    const name = field.toFieldName ?? 'pk';
    const found = await rowsOfKeys(keys, (some) => queryset.filter({ [`${name}__in`]: some } as never));
    const rows = found.map((row): Choice => [field.prepareValue(row), field.labelFromInstance(row)]);
    for (const widget of [this, ...others]) widget.chosen = { rows };
  }
}

export class AutocompleteSelectMultiple extends AutocompleteSelect {
  override valueOmittedFromData(): boolean {
    return false;
  }
}
AutocompleteSelectMultiple.prototype.allowMultipleSelected = true;
