/** Checks of the settings as such. Django has none: there a misspelt setting is silently another one. */
import { givenSetting, settings } from '../../conf';
import { globalSettings } from '../../conf/global_settings';
import { getCloseMatches } from '../../python/difflib';
import { Error as CheckError, type CheckMessage, Warning } from './messages';
import { register, Tags } from './registry';

/** How alike an unknown name must be to a known one to be taken for a slip; a site's own settings are not. */
const LIKENESS = 0.87;

register((): CheckMessage[] => {
  const known = Object.keys(globalSettings());
  return Object.keys(settings)
    .filter((name) => !known.includes(name))
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
