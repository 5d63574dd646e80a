/** One element of a widget. Django: `BoundWidget` of `django.forms.boundfield`. */
import type { SafeString } from '../utils/safestring';
import type { FormRenderer } from './renderers';
import type { Widget, WidgetContext } from './widgets/base';

/** One element, as a template goes through them: `{% for radio in form.beatles %}{{ radio.tag }}{% endfor %}`. */
export class BoundWidget {
  constructor(
    readonly parentWidget: Widget,
    readonly data: WidgetContext,
    readonly renderer: FormRenderer,
  ) {}

  /** The element, in its label where `wrapLabel`. */
  tag(wrapLabel = false): SafeString {
    return this.parentWidget.renderTemplate(
      this.templateName,
      { widget: { ...this.data, wrapLabel } },
      this.renderer,
    );
  }

  get templateName(): string {
    return this.data.templateName ?? this.parentWidget.templateName;
  }

  get idForLabel(): unknown {
    return this.data.attrs['id'] ?? null;
  }

  get choiceLabel(): unknown {
    return this.data.label;
  }

  toString(): string {
    return this.tag(true).value;
  }

  toHTML(): string {
    return this.toString();
  }
}
