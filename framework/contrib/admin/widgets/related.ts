/** A widget for a relation with links to add, change, delete and view its rows. Django: `RelatedFieldWidgetWrapper`. */

import { classIn } from '../../../db/models/classes';
import type { ForeignKey, ManyToManyField } from '../../../db/models/fields/related';
import * as forms from '../../../forms';
import type { Choice, Choices } from '../../../forms/choices';
import type { DataSource } from '../../../forms/data';
import type { Media } from '../../../forms/media';
import type { Attrs, WidgetContext } from '../../../forms/widgets/base';
import { reverse } from '../../../urls';
import type { AdminSite } from '../sites';
import { IS_POPUP_VAR, TO_FIELD_VAR } from '../types';

/** Which links there are. */
export interface RelatedLinks {
  readonly canAddRelated?: boolean;
  readonly canChangeRelated?: boolean;
  readonly canDeleteRelated?: boolean;
  readonly canViewRelated?: boolean;
}

export class RelatedFieldWidgetWrapper extends forms.Widget {
  override templateName = 'admin/widgets/related_widget_wrapper.html';
  widget: forms.Widget;
  private readonly links: Required<RelatedLinks>;

  constructor(
    widget: forms.Widget,
    private readonly field: ForeignKey | ManyToManyField,
    private readonly adminSite: AdminSite,
    links: RelatedLinks = {},
  ) {
    super({ attrs: widget.attrs });
    this.widget = widget;
    const isRegistered = adminSite.find(classIn(field.model, field.remoteModel)) !== undefined;
    const isMultiple = 'allowMultipleSelected' in widget && Boolean(widget.allowMultipleSelected);
    // Of several rows it is not known which is meant; and what would go with a row is shown on no pop-up.
    const cascades = 'onDelete' in field && (field as ForeignKey).onDelete.name === 'CASCADE';
    this.links = {
      canAddRelated: links.canAddRelated ?? isRegistered,
      canChangeRelated: !isMultiple && (links.canChangeRelated ?? false),
      canDeleteRelated: !isMultiple && !cascades && (links.canDeleteRelated ?? false),
      canViewRelated: !isMultiple && (links.canViewRelated ?? false),
    };
  }

  override copy(): this {
    const made = super.copy();
    made.widget = this.widget.copy();
    return made;
  }

  get choices(): Iterable<Choice> {
    return (this.widget as forms.Select).choices;
  }

  set choices(choices: Choices) {
    (this.widget as forms.Select).choices = choices;
  }

  override get isHidden(): boolean {
    return this.widget.isHidden;
  }

  override get needsMultipartForm(): boolean {
    return this.widget.needsMultipartForm;
  }

  override get media(): Media {
    return this.widget.media;
  }

  private address(action: string, ...args: string[]): string {
    const { appLabel, modelName } = this.field.remoteModel;
    return reverse(`admin:${appLabel}_${modelName}_${action}`, { currentApp: this.adminSite.name, args });
  }

  override getContext(name: string, value: unknown, attrs: Attrs | null): { widget: WidgetContext } {
    this.widget.isRequired = this.isRequired;
    const { remoteModel } = this.field;
    const toField =
      'targetField' in this.field ? (this.field as ForeignKey).targetField.name : remoteModel.pk.name;
    const query = new URLSearchParams([
      [TO_FIELD_VAR, toField],
      [IS_POPUP_VAR, '1'],
    ]);
    const { canAddRelated, canChangeRelated, canDeleteRelated, canViewRelated } = this.links;
    const context = {
      ...super.getContext(name, value, attrs),
      rendered_widget: this.widget.render(name, value, attrs),
      is_hidden: this.isHidden,
      name,
      url_params: query.toString(),
      model: remoteModel.verboseName,
      model_name: remoteModel.modelName,
      view_related_url_params: new URLSearchParams([[TO_FIELD_VAR, toField]]).toString(),
      can_add_related: canAddRelated,
      can_change_related: canChangeRelated,
      can_delete_related: canDeleteRelated,
      can_view_related: canViewRelated,
      model_has_limit_choices_to: Boolean(this.field.options.limitChoicesTo),
      ...(canAddRelated && { add_related_url: this.address('add') }),
      ...(canDeleteRelated && { delete_related_template_url: this.address('delete', '__fk__') }),
      ...((canViewRelated || canChangeRelated) && {
        change_related_template_url: this.address('change', '__fk__'),
      }),
    };
    return context;
  }

  override valueFromDatadict(data: DataSource, files: DataSource, name: string): unknown {
    return this.widget.valueFromDatadict(data, files, name);
  }

  override valueOmittedFromData(data: DataSource, files: DataSource, name: string): boolean {
    return this.widget.valueOmittedFromData(data, files, name);
  }

  override idForLabel(id: string): string {
    return this.widget.idForLabel(id);
  }

  override useRequiredAttribute(initial: unknown): boolean {
    return this.widget.useRequiredAttribute(initial);
  }
}
