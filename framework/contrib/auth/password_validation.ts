/**
 * What a new password has to be like. Django: `django.contrib.auth.password_validation`;
 * https://docs.djangoproject.com/en/5.2/topics/auth/passwords/#module-django.contrib.auth.password_validation
 */
import { settings } from '../../conf';
import type { Settings } from '../../conf/global_settings';
import { ImproperlyConfigured } from '../../core/exceptions';
import { ValidationError } from '../../core/validation_error';
import { fromSettings } from '../../middleware/snapshot';
import { formatHtml, formatHtmlJoin } from '../../utils/html';
import { forEach, type MaybePromise } from '../../utils/maybe_promise';
import { camelCase, importSetting } from '../../utils/module_loading';
import { SafeString } from '../../utils/safestring';

export { CommonPasswordValidator } from './validation/common_passwords';
export { MinimumLengthValidator } from './validation/minimum_length';
export { NumericPasswordValidator } from './validation/numeric';
export { UserAttributeSimilarityValidator } from './validation/similarity';

/** Who the password is for, as far as validators look: any object with the attributes that they compare. */
export type PasswordUser = object;

/** A validator of AUTH_PASSWORD_VALIDATORS: a class that is constructed with its OPTIONS. */
export interface PasswordValidator {
  /** @throws ValidationError for a password that is refused. */
  validate(password: string, user?: PasswordUser | null): MaybePromise<void>;
  /** What is asked of a password, as a sentence. */
  getHelpText(): string;
  /** Called when a user's password was changed: one that remembers passwords keeps it. */
  passwordChanged?(password: string, user?: PasswordUser | null): MaybePromise<void>;
}

type ValidatorSettings = Settings['AUTH_PASSWORD_VALIDATORS'];

/** OPTIONS with the names of Django's settings (`min_length`) or ours (`minLength`). */
function options(given: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [camelCase(name), value]));
}

/** The validators that entries of such a setting describe. @throws ImproperlyConfigured for one that is not there. */
export function getPasswordValidators(entries: ValidatorSettings): PasswordValidator[] {
  return entries.map(({ NAME, OPTIONS }) => {
    try {
      const Validator = importSetting(NAME) as unknown as new (options: object) => PasswordValidator;
      return new Validator(options(OPTIONS));
    } catch (error) {
      if (!(error instanceof ImproperlyConfigured)) throw error;
      throw new ImproperlyConfigured(
        `The module in NAME could not be imported: ${String(NAME)}. Check your AUTH_PASSWORD_VALIDATORS setting. ` +
          `(${error.message})`,
        { cause: error },
      );
    }
  });
}

/** The validators of AUTH_PASSWORD_VALIDATORS. */
export const getDefaultPasswordValidators: () => readonly PasswordValidator[] = fromSettings(() =>
  getPasswordValidators(settings.AUTH_PASSWORD_VALIDATORS),
);

/**
 * Asks every validator.
 *
 * @param user who the password is for, where that is known.
 * @param validators default: those of AUTH_PASSWORD_VALIDATORS.
 * @throws ValidationError with everything that is wrong.
 */
export async function validatePassword(
  password: string,
  user: PasswordUser | null = null,
  validators: readonly PasswordValidator[] = getDefaultPasswordValidators(),
): Promise<void> {
  const errors: ValidationError[] = [];
  for (const validator of validators) {
    try {
      await validator.validate(password, user);
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new ValidationError(errors);
}

/** Tells every validator that listens that a password was changed. */
export async function passwordChanged(
  password: string,
  user: PasswordUser | null = null,
  validators: readonly PasswordValidator[] = getDefaultPasswordValidators(),
): Promise<void> {
  await forEach(validators, (validator) => validator.passwordChanged?.(password, user));
}

/** What the validators ask, a sentence each. */
export function passwordValidatorsHelpTexts(
  validators: readonly PasswordValidator[] = getDefaultPasswordValidators(),
): string[] {
  return validators.map((validator) => validator.getHelpText());
}

/** The same as a list in HTML; empty without validators. */
export function passwordValidatorsHelpTextHtml(validators?: readonly PasswordValidator[]): SafeString {
  const items = formatHtmlJoin(
    '',
    '<li>{}</li>',
    passwordValidatorsHelpTexts(validators).map((text) => [text]),
  );
  return items.value === '' ? new SafeString('') : formatHtml('<ul>{}</ul>', items);
}
