/** What renders forms. Django: `django.forms.renderers`; https://docs.djangoproject.com/en/5.2/ref/forms/renderers/ */
import path from 'node:path';
import { settings } from '../conf';
import { SynchronousOnlyOperation } from '../core/exceptions';
import { settingChanged } from '../core/signals';
import { strip } from '../python/text';
import type { BackendTemplate, BaseEngine } from '../template/backends/base';
import { TemplateDoesNotExist } from '../template/exceptions';
import { isPromise } from '../utils/maybe_promise';
import { importSetting } from '../utils/module_loading';
import type { BoundField } from './boundfield';
import { FORMS } from './builtin_forms';
import { includedBy } from './builtin_includes';
import { type Include, WIDGETS } from './builtin_widgets';
import type { WidgetContext } from './widgets/base';

type Context = Record<string, unknown>;

/** Renders forms, fields, errors and widgets by the names of their templates. */
export interface FormRenderer {
  readonly formTemplateName: string;
  readonly formsetTemplateName: string;
  readonly fieldTemplateName: string;
  readonly boundFieldClass: typeof BoundField | null;
  render(templateName: string, context: Context): string;
  /** Whether a template is Django's own, which needs no engine. */
  isBuiltin(templateName: string): boolean;
}

/** The base of renderers: a subclass says where templates are. */
export abstract class BaseRenderer implements FormRenderer {
  formTemplateName = 'django/forms/div.html';
  formsetTemplateName = 'django/forms/formsets/div.html';
  fieldTemplateName = 'django/forms/field.html';
  boundFieldClass: typeof BoundField | null = null;

  /** The template of a name. @throws TemplateDoesNotExist */
  abstract getTemplate(templateName: string): BackendTemplate;

  isBuiltin(_templateName: string): boolean {
    return false;
  }

  /** The text of a template, without the white space around it. */
  render(templateName: string, context: Context): string {
    return strip(this.renderWhole(templateName, context));
  }

  protected renderWhole(templateName: string, context: Context): string {
    const html = this.getTemplate(templateName).render(context);
    if (isPromise(html)) {
      void html.catch(() => undefined);
      throw new SynchronousOnlyOperation(
        `The form template '${templateName}' waits for something. Forms render at once: await it before, and put the value into the form.`,
      );
    }
    return html;
  }
}

/** Django's own templates are written out in TypeScript: builtin_forms, builtin_widgets. */
abstract class BuiltinRenderer extends BaseRenderer {
  private readonly include: Include = (name, widget) => this.renderWhole(name, { widget });

  override isBuiltin(templateName: string): boolean {
    return WIDGETS.has(templateName) || FORMS.has(templateName);
  }

  protected override renderWhole(templateName: string, context: Context): string {
    if (this.isBuiltin(templateName)) return this.renderBuiltin(templateName, context);
    return super.renderWhole(templateName, context);
  }

  protected renderBuiltin(templateName: string, context: Context): string {
    const widget = WIDGETS.get(templateName);
    if (widget !== undefined) return widget(context['widget'] as WidgetContext, this.include);
    const form = FORMS.get(templateName);
    if (form === undefined) throw new TemplateDoesNotExist(templateName);
    return form(context);
  }
}

const TEMPLATES = path.join(__dirname, 'templates');

function engineParams(dirs: string[]): {
  NAME: string;
  BACKEND: string;
  DIRS: string[];
  APP_DIRS: boolean;
  OPTIONS: Record<string, unknown>;
} {
  return { NAME: 'djangoforms', BACKEND: '', DIRS: dirs, APP_DIRS: true, OPTIONS: {} };
}

/** Django's own templates; others from the folders `templates` of apps. The default. */
export class DjangoTemplates extends BuiltinRenderer {
  private ownEngine: BaseEngine | null = null;

  get engine(): BaseEngine {
    if (this.ownEngine === null) {
      const { DjangoTemplates: Backend } =
        require('../template/backends/django') as typeof import('../template/backends/django');
      this.ownEngine = new Backend(engineParams([TEMPLATES]));
    }
    return this.ownEngine;
  }

  override getTemplate(templateName: string): BackendTemplate {
    return this.engine.getTemplate(templateName);
  }
}

/** As DjangoTemplates, with other templates in nunjucks' language, from the folders `jinja2` of apps. */
export class Jinja2 extends BuiltinRenderer {
  private ownEngine: BaseEngine | null = null;

  get engine(): BaseEngine {
    if (this.ownEngine === null) {
      const { Jinja2: Backend } =
        require('../template/backends/jinja2') as typeof import('../template/backends/jinja2');
      this.ownEngine = new Backend(engineParams([]));
    }
    return this.ownEngine;
  }

  override getTemplate(templateName: string): BackendTemplate {
    return this.engine.getTemplate(templateName);
  }
}

/**
 * Templates from the engines of TEMPLATES: a site has its own under Django's names, and with `django.forms` in
 * INSTALLED_APPS they may extend and include Django's. What it has not is Django's.
 */
export class TemplatesSetting extends BuiltinRenderer {
  private readonly own = new Map<string, boolean>();

  override getTemplate(templateName: string): BackendTemplate {
    const { getTemplate } = require('../template/loader') as typeof import('../template/loader');
    try {
      return getTemplate(templateName);
    } catch (error) {
      if (!(error instanceof TemplateDoesNotExist) || !super.isBuiltin(templateName)) throw error;
      throw new TemplateDoesNotExist(
        `${templateName} (this site has templates of its own that it includes: add 'django.forms' to INSTALLED_APPS, with APP_DIRS)`,
        { chain: [error] },
      );
    }
  }

  override isBuiltin(templateName: string): boolean {
    if (!super.isBuiltin(templateName)) return false;
    let isOwn = settings.DEBUG ? undefined : this.own.get(templateName);
    if (isOwn === undefined) {
      isOwn = [templateName, ...includedBy(templateName)].some((name) => this.isOfTheSite(name));
      this.own.set(templateName, isOwn);
    }
    return !isOwn;
  }

  /** Whether an engine has a template of that name which is not the file in this package. */
  private isOfTheSite(templateName: string): boolean {
    const { getTemplate } = require('../template/loader') as typeof import('../template/loader');
    try {
      return !getTemplate(templateName).origin.name.startsWith(TEMPLATES);
    } catch (error) {
      if (error instanceof TemplateDoesNotExist) return false;
      throw error;
    }
  }
}

let known: FormRenderer | null = null;
settingChanged.connect(() => {
  known = null;
});

/** The renderer of FORM_RENDERER. */
export function getDefaultRenderer(): FormRenderer {
  if (known === null) {
    const Renderer = importSetting(settings.FORM_RENDERER) as unknown as new () => FormRenderer;
    known = new Renderer();
  }
  return known;
}
