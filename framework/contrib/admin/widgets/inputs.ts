/** Widgets for single values. Django: `django.contrib.admin.widgets`. */
import * as forms from '../../../forms';
import type { Attrs, WidgetContext, WidgetOptions } from '../../../forms/widgets/base';
import { gettext } from '../../../utils/translation';

/** Options with attributes of one's own before those that were given. */
function withAttrs({ attrs, ...options }: WidgetOptions, own: Attrs): WidgetOptions {
  return { ...options, attrs: { ...own, ...attrs } };
}

export class AdminTextInputWidget extends forms.TextInput {
  constructor(options: WidgetOptions = {}) {
    super(withAttrs(options, { class: 'vTextField' }));
  }
}

export class AdminEmailInputWidget extends forms.EmailInput {
  constructor(options: WidgetOptions = {}) {
    super(withAttrs(options, { class: 'vTextField' }));
  }
}

/** An address, with a link to where it leads now. */
export class AdminURLFieldWidget extends forms.URLInput {
  override templateName = 'admin/widgets/url.html';

  constructor(options: WidgetOptions = {}) {
    super(withAttrs(options, { class: 'vURLField' }));
  }

  override getContext(name: string, value: unknown, attrs: Attrs | null) {
    const href = typeof value === 'string' && /^https?:\/\//i.test(value) ? value : '';
    return {
      ...super.getContext(name, value, attrs),
      current_label: gettext('Currently:'),
      change_label: gettext('Change:'),
      widget_href: href,
      url_valid: href !== '',
    };
  }
}

export class AdminIntegerFieldWidget extends forms.NumberInput {
  constructor(options: WidgetOptions = {}) {
    super(withAttrs(options, { class: 'vIntegerField' }));
  }
}

export class AdminBigIntegerFieldWidget extends forms.NumberInput {
  constructor(options: WidgetOptions = {}) {
    super(withAttrs(options, { class: 'vBigIntegerField' }));
  }
}

export class AdminUUIDInputWidget extends forms.TextInput {
  constructor(options: WidgetOptions = {}) {
    super(withAttrs(options, { class: 'vUUIDField' }));
  }
}

export class AdminTextareaWidget extends forms.Textarea {
  constructor(options: WidgetOptions = {}) {
    super(withAttrs(options, { class: 'vLargeTextField' }));
  }
}

const DATE_SCRIPTS = { js: ['admin/js/dates.js'] } as const;

/** A day: typed, or chosen from a calendar where the browser runs scripts. */
export class AdminDateWidget extends forms.DateInput {
  static override Media = DATE_SCRIPTS;

  constructor(options: WidgetOptions & { format?: string | null } = {}) {
    super(withAttrs(options, { class: 'vDateField', size: '10' }));
  }
}

/** A time of day. */
export class AdminTimeWidget extends forms.TimeInput {
  static override Media = DATE_SCRIPTS;

  constructor(options: WidgetOptions & { format?: string | null } = {}) {
    super(withAttrs(options, { class: 'vTimeField', size: '8' }));
  }
}

/** A date and a time, one below the other. */
export class AdminSplitDateTime extends forms.SplitDateTimeWidget {
  override templateName = 'admin/widgets/split_datetime.html';

  constructor(options: WidgetOptions = {}) {
    super(options);
    this.widgets = [new AdminDateWidget(), new AdminTimeWidget()];
  }

  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    const context = super.getContext(name, value, attrs);
    return { ...context, date_label: gettext('Date:'), time_label: gettext('Time:') } as {
      widget: WidgetContext;
    };
  }
}

export class AdminFileWidget extends forms.ClearableFileInput {
  override templateName = 'admin/widgets/clearable_file_input.html';
}

/** Radio buttons in a list, beside or below each other. */
export class AdminRadioSelect extends forms.RadioSelect {
  override templateName = 'admin/widgets/radio.html';
}

/** Rows of a many-to-many relation, with a box to filter them where the browser runs scripts. */
export class FilteredSelectMultiple extends forms.SelectMultiple {
  static override Media = { js: ['admin/js/filter-select.js'] };

  /**
   * @param verboseName what the rows are called.
   * @param isStacked the chosen ones stand below the others, not beside them.
   */
  constructor(
    readonly verboseName: string,
    readonly isStacked: boolean,
    options: ConstructorParameters<typeof forms.SelectMultiple>[0] = {},
  ) {
    super(options);
  }

  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    const context = super.getContext(name, value, attrs);
    Object.assign(context.widget.attrs, {
      class: this.isStacked ? 'selectfilterstacked' : 'selectfilter',
      'data-field-name': this.verboseName,
      'data-is-stacked': Number(this.isStacked),
    });
    return context;
  }
}
