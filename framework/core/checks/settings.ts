/** Checks of the settings as such. Django has none: there a misspelt setting is silently another one. */
import { givenSetting, isOverridden, settings } from '../../conf';
import { REMOVED_SETTINGS, whyWithoutEffect } from '../../conf/accepted_settings';
import { globalSettings } from '../../conf/global_settings';
import { getCloseMatches } from '../../python/difflib';
import { Error as CheckError, type CheckMessage, Info, Warning } from './messages';
import { register, Tags } from './registry';

/** How alike an unknown name must be to a known one to be taken for a slip; a site's own settings are not. */
const LIKENESS = 0.87;

register((): CheckMessage[] => {
  const known = Object.keys(globalSettings());
  return Object.keys(settings)
    .filter((name) => !known.includes(name) && !Object.hasOwn(REMOVED_SETTINGS, name))
    .flatMap((name) => {
      const [meant] = getCloseMatches(name.toUpperCase(), known, 1, LIKENESS);
      return meant === undefined
        ? []
        : [
            new Warning(`The setting '${name}' is unknown.`, {
              hint: `Did you mean '${meant}'? If '${name}' is a setting of your own, silence settings.W001.`,
              id: 'settings.W001',
            }),
          ];
    });
}, Tags.settings);

register((): CheckMessage[] => {
  const byReason = new Map<string, string[]>();
  for (const name of Object.keys(settings)) {
    const why = isOverridden(name) ? whyWithoutEffect(name) : undefined;
    if (why !== undefined) byReason.set(why, [...(byReason.get(why) ?? []), name]);
  }
  return [...byReason].map(
    ([why, names]) =>
      new Info(`${names.join(', ')}: without effect here, for ${why}.`, { id: 'settings.I001' }),
  );
}, Tags.settings);

register(
  (): CheckMessage[] =>
    Object.keys(settings)
      .filter((name) => Object.hasOwn(REMOVED_SETTINGS, name))
      .map(
        (name) =>
          new Warning(`The setting '${name}' has no effect.`, {
            hint: REMOVED_SETTINGS[name],
            id: 'settings.W002',
          }),
      ),
  Tags.settings,
);

register(
  () =>
    givenSetting('SECRET_KEY') === ''
      ? [
          new CheckError('The SECRET_KEY setting must not be empty.', {
            hint: "Set it in the settings module, for example from the environment: process.env['SECRET_KEY'].",
            id: 'settings.E002',
          }),
        ]
      : [],
  Tags.settings,
);
