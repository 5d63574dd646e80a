/** Django: `django.contrib.messages.constants`. */

export const DEBUG = 10;
export const INFO = 20;
export const SUCCESS = 25;
export const WARNING = 30;
export const ERROR = 40;

/** The tag that each level's messages carry unless MESSAGE_TAGS says otherwise. */
export const DEFAULT_TAGS: Readonly<Record<number, string>> = {
  [DEBUG]: 'debug',
  [INFO]: 'info',
  [SUCCESS]: 'success',
  [WARNING]: 'warning',
  [ERROR]: 'error',
};

/** The levels by name, for templates. */
export const DEFAULT_LEVELS: Readonly<Record<string, number>> = { DEBUG, INFO, SUCCESS, WARNING, ERROR };
