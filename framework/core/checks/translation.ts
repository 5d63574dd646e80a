/** Django: `django.core.checks.translation`. */
import { isOverridden, settings } from '../../conf';
import { repr } from '../../python';
import { Error as CheckError } from './messages';
import { register, Tags } from './registry';

const LANGUAGE_CODE = /^[a-z]{1,8}(?:-[a-z0-9]{1,8})*(?:@[a-z0-9]{1,20})?$/i;

function invalid(codes: readonly unknown[], what: string, id: string): CheckError[] {
  return codes
    .filter((code) => typeof code !== 'string' || !LANGUAGE_CODE.test(code))
    .map((code) => new CheckError(`You have provided an invalid ${what} setting: ${repr(code)}.`, { id }));
}

/** The codes that a language may be known by: itself, and what is left without the parts behind it. */
function withoutParts(code: string): string[] {
  const parts = code.toLowerCase().split('-');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('-'));
}

/** Whether LANGUAGES has a language, one that it is a variant of, or another variant. */
function isSupported(code: string, known: readonly string[]): boolean {
  const codes = withoutParts(code);
  const generic = `${codes[codes.length - 1]}-`;
  return known.some((each) => codes.includes(each.toLowerCase()) || each.toLowerCase().startsWith(generic));
}

register(
  () => invalid([settings.LANGUAGE_CODE], 'value for the LANGUAGE_CODE', 'translation.E001'),
  Tags.translation,
);
register(
  () =>
    invalid(
      settings.LANGUAGES.map(([code]) => code),
      'language code in the LANGUAGES',
      'translation.E002',
    ),
  Tags.translation,
);
register(
  () => invalid(settings.LANGUAGES_BIDI, 'language code in the LANGUAGES_BIDI', 'translation.E003'),
  Tags.translation,
);
// Only against a list of the site's own: ours is short, for there are no translations to choose from yet.
register(() => {
  if (!isOverridden('LANGUAGES')) return [];
  const known = settings.LANGUAGES.map(([code]) => code).filter((code) => typeof code === 'string');
  if (typeof settings.LANGUAGE_CODE !== 'string' || isSupported(settings.LANGUAGE_CODE, known)) return [];
  return [
    new CheckError(
      'You have provided a value for the LANGUAGE_CODE setting that is not in the LANGUAGES setting.',
      { id: 'translation.E004' },
    ),
  ];
}, Tags.translation);
