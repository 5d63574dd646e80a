/** Django: `django.contrib.staticfiles.utils`. */
import { settings } from '../../conf';
import { ImproperlyConfigured } from '../../core/exceptions';

/** A shell pattern (`*`, `?`, `[a-z]`) as a regular expression over the whole text. Python: `fnmatch.translate`. */
function compilePattern(pattern: string): RegExp {
  const source = pattern.replace(/\*+|\?|\[!?[^\]]+\]|[\\^$.|+(){}[\]]/g, (part) => {
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return `\\${part}`;
  });
  return new RegExp(`^${source}$`, 's');
}

/** Whether a path matches one of the shell patterns. */
export function matchesPatterns(path: string, patterns: Iterable<string>): boolean {
  for (const pattern of patterns) {
    if (compilePattern(pattern).test(path)) return true;
  }
  return false;
}

/**
 * Checks that the settings for static files fit together.
 *
 * @throws ImproperlyConfigured naming the setting that is missing, or the two that are the same.
 */
export function checkSettings(baseUrl: string | null = settings.STATIC_URL): void {
  if (!baseUrl) {
    throw new ImproperlyConfigured(
      "You're using the staticfiles app without having set the required STATIC_URL setting.",
    );
  }
  if (settings.MEDIA_URL === baseUrl) {
    throw new ImproperlyConfigured('The MEDIA_URL and STATIC_URL settings must have different values');
  }
  if (
    settings.DEBUG &&
    settings.MEDIA_URL &&
    settings.STATIC_URL &&
    settings.MEDIA_URL.startsWith(settings.STATIC_URL)
  ) {
    throw new ImproperlyConfigured("runserver can't serve media if MEDIA_URL is within STATIC_URL.");
  }
  if (settings.MEDIA_ROOT && settings.STATIC_ROOT && settings.MEDIA_ROOT === settings.STATIC_ROOT) {
    throw new ImproperlyConfigured('The MEDIA_ROOT and STATIC_ROOT settings must have different values');
  }
}
