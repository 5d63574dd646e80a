/** Django: `django.core.checks.templates`. */
import { settings, type TemplateSettings } from '../../conf';
import { Error as CheckError } from './messages';
import { register, Tags } from './registry';

const E001 = new CheckError(
  "You have 'APP_DIRS': True in your TEMPLATES but also specify 'loaders' in OPTIONS. Either remove APP_DIRS or " +
    "remove the 'loaders' option.",
  { id: 'templates.E001' },
);

/** Whether it says twice where templates are. */
export function hasBoth({ APP_DIRS, OPTIONS }: TemplateSettings): boolean {
  return APP_DIRS === true && OPTIONS !== undefined && 'loaders' in OPTIONS;
}

register(() => (settings.TEMPLATES.some(hasBoth) ? [E001] : []), Tags.templates);
register(
  () =>
    settings.TEMPLATES.flatMap(({ OPTIONS = {} }) => {
      const value = OPTIONS['string_if_invalid'] ?? OPTIONS['stringIfInvalid'] ?? '';
      if (typeof value === 'string') return [];
      return [
        new CheckError(
          `'string_if_invalid' in TEMPLATES OPTIONS must be a string but got: ${String(value)} (${typeof value}).`,
          { id: 'templates.E002' },
        ),
      ];
    }),
  Tags.templates,
);
