import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { ImproperlyConfigured } from '../../../core/exceptions';
import { ValidationError } from '../../../core/validation_error';
import { strip } from '../../../python/text';
import { optionalRequire } from '../../../utils/optional';
import { gettext } from '../../../utils/translation';

/** What we use of the package. */
interface CommonPasswords {
  dictionary: Readonly<Record<string, readonly string[]>>;
}

const GZIP = Buffer.from([0x1f, 0x8b]);

function readList(file: string): Set<string> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
    if (bytes.subarray(0, 2).equals(GZIP)) bytes = gunzipSync(bytes);
  } catch (error) {
    throw new ImproperlyConfigured(
      `OPTIONS.passwordListPath of CommonPasswordValidator in AUTH_PASSWORD_VALIDATORS is '${file}', which cannot be ` +
        `read: ${(error as Error).message}`,
      { cause: error },
    );
  }
  return new Set(
    bytes
      .toString('utf8')
      .split('\n')
      .map((line) => strip(line)),
  );
}

function packagedList(): ReadonlySet<string> {
  const { dictionary } = optionalRequire<CommonPasswords>(
    '@zxcvbn-ts/language-common',
    'CommonPasswordValidator of AUTH_PASSWORD_VALIDATORS without OPTIONS.passwordListPath',
  );
  return new Set(dictionary['passwords-common'] ?? dictionary['passwords'] ?? []);
}

/**
 * Refuses passwords that many have. The list is that of the package `@zxcvbn-ts/language-common` (an optional peer; about
 * 50,000), or a file: one password a line, in lower case; it may be gzipped, so the list of a Django beside us will do
 * (`django/contrib/auth/common-passwords.txt.gz`), and both then refuse the same.
 */
export class CommonPasswordValidator {
  private known: ReadonlySet<string> | undefined;
  private readonly passwordListPath: string | undefined;

  /** @param options.passwordListPath the file. Default: the package's list. */
  constructor({ passwordListPath }: { passwordListPath?: string | undefined } = {}) {
    this.passwordListPath = passwordListPath;
  }

  /** @throws ImproperlyConfigured where the list cannot be read. */
  get passwords(): ReadonlySet<string> {
    const { passwordListPath } = this;
    this.known ??= passwordListPath === undefined ? packagedList() : readList(passwordListPath);
    return this.known;
  }

  validate(password: string): void {
    if (!this.passwords.has(strip(password.toLowerCase()))) return;
    throw new ValidationError(this.getErrorMessage(), { code: 'password_too_common' });
  }

  getErrorMessage(): string {
    return gettext('This password is too common.');
  }

  getHelpText(): string {
    return gettext('Your password can’t be a commonly used password.');
  }
}
