import { ValueError } from '../../../core/exceptions';
import { ValidationError } from '../../../core/validation_error';
import { Model, type ModelClass } from '../../../db/models/base';
import { quickRatio } from '../../../python/difflib';
import { textLength, WORD } from '../../../python/text';
import { camelCase } from '../../../utils/module_loading';
import { gettext } from '../../../utils/translation';

const NO_WORD = new RegExp(`[^${WORD}]+`, 'u');

/** A value so much shorter cannot be similar: comparing it is left out, for long passwords. */
function exceedsMaximumLengthRatio(password: string, maxSimilarity: number, value: string): boolean {
  const length = textLength(password);
  const other = textLength(value);
  return length >= 10 * other && other < (maxSimilarity / 2) * length;
}

/** Refuses passwords that resemble what is known of the user: an attribute, or a word of it. */
export class UserAttributeSimilarityValidator {
  static readonly DEFAULT_USER_ATTRIBUTES: readonly string[] = [
    'username',
    'first_name',
    'last_name',
    'email',
  ];
  readonly userAttributes: readonly string[];
  readonly maxSimilarity: number;

  /**
   * @param options.userAttributes names of attributes; those that a user does not have are passed over.
   * @param options.maxSimilarity from 0.1 to 1: how alike they may not be. Default: 0.7.
   * @throws ValueError for a similarity below 0.1.
   */
  constructor({
    userAttributes = UserAttributeSimilarityValidator.DEFAULT_USER_ATTRIBUTES,
    maxSimilarity = 0.7,
  }: {
    userAttributes?: readonly string[];
    maxSimilarity?: number;
  } = {}) {
    if (maxSimilarity < 0.1) throw new ValueError('max_similarity must be at least 0.1');
    this.userAttributes = userAttributes;
    this.maxSimilarity = maxSimilarity;
  }

  validate(password: string, user: object | null = null): void {
    if (user === null) return;
    const lowered = password.toLowerCase();
    for (const attribute of this.userAttributes) {
      const value = (user as Readonly<Record<string, unknown>>)[camelCase(attribute)];
      if (typeof value !== 'string' || !this.isSimilar(lowered, value.toLowerCase())) continue;
      throw new ValidationError(this.getErrorMessage(), {
        code: 'password_too_similar',
        params: { verbose_name: verboseName(user, attribute) },
      });
    }
  }

  private isSimilar(password: string, value: string): boolean {
    if (value === '') return false;
    return [...value.split(NO_WORD), value].some(
      (part) =>
        !exceedsMaximumLengthRatio(password, this.maxSimilarity, part) &&
        quickRatio(password, part) >= this.maxSimilarity,
    );
  }

  getErrorMessage(): string {
    return gettext('The password is too similar to the %(verbose_name)s.');
  }

  getHelpText(): string {
    return gettext('Your password can’t be too similar to your other personal information.');
  }
}

/** What people call an attribute. */
function verboseName(user: object, attribute: string): string {
  if (!(user instanceof Model)) return attribute;
  const { _meta: meta } = user.constructor as unknown as ModelClass;
  const field = meta.findField(attribute) ?? meta.fieldsByProperty.get(camelCase(attribute));
  return field === undefined ? attribute : String(field.verboseName);
}
