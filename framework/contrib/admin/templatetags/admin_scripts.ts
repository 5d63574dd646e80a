/** `{% load admin_scripts %}`: what the admin's scripts say, in the language of the page. */
import { Library } from '../../../template/library';
import { jsonScript } from '../../../utils/html';
import { gettext } from '../../../utils/translation';

export const register = new Library();

/** The texts of scripts/, in English; `%s` is filled in there. */
export const SCRIPT_TEXTS: readonly string[] = [
  '%s is in place %s of %s',
  '%s of %s',
  'Available %s',
  'Cancel',
  'Choose all %s',
  'Choose selected %s',
  'Chosen %s',
  'Clear %s',
  'Close',
  'Filter',
  'Filter available %s',
  'Filter chosen %s',
  'Move %s down',
  'Move %s up',
  'No results found',
  'Note: You are %s hour ahead of server time.',
  'Note: You are %s hour behind server time.',
  'Note: You are %s hours ahead of server time.',
  'Note: You are %s hours behind server time.',
  'Now',
  'Remove %s',
  'Remove all %s',
  'Remove selected %s',
  'Search',
  'Searching…',
  'Stopped: %s',
  'The action could not be run.',
  'The connection was lost before the action was finished.',
  'The results could not be loaded.',
  'Today',
  'You have unsaved changes on individual editable fields. If you run an action, your unsaved changes will be lost.',
];

/** `{% script_texts %}`: those texts that are others in the active language, as JSON that no browser runs; in English nothing. */
register.simpleTag('script_texts', () => {
  const others = SCRIPT_TEXTS.map((text) => [text, gettext(text)] as const).filter(
    ([text, translated]) => text !== translated,
  );
  return others.length === 0 ? '' : jsonScript(Object.fromEntries(others), 'admin-texts');
});
