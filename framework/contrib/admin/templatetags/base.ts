/** Tags whose template an app or a model may have of its own. Django: `InclusionAdminNode`. */
import type { Options } from '../../../db/models/options';
import type { Context, ContextValues } from '../../../template/context';
import type { Library } from '../../../template/library';
import type { Template } from '../../../template/template';
import { SafeString } from '../../../utils/safestring';

/**
 * Registers a tag that renders a template of the admin: that of the model, else that of the app, else the admin's own.
 *
 * @param template the file's name below `admin/`.
 * @param make its context; the first parameter is the context of the page.
 */
export function adminInclusionTag<A extends unknown[]>(
  register: Library,
  name: string,
  template: string,
  make: (context: Context, ...args: A) => ContextValues,
): void {
  register.simpleTag(
    name,
    (context: Context, ...args: A) => {
      const { appLabel, modelName } = context.get('opts') as Options;
      const { engine } = context.template as Template;
      const found = engine.selectTemplate([
        `admin/${appLabel}/${modelName}/${template}`,
        `admin/${appLabel}/${template}`,
        `admin/${template}`,
      ]);
      const fresh = context.new(make(context, ...args));
      // Some of them are forms.
      const token = context.get('csrf_token');
      if (token !== null) fresh.set('csrf_token', token);
      return new SafeString(found.renderIncluded(fresh));
    },
    { takesContext: true, signature: '*args' },
  );
}
