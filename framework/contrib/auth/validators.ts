/** What a user name may be made of. Django: `django.contrib.auth.validators`. */
import { RegexValidator } from '../../core/validators';
import { gettextLazy as _ } from '../../utils/translation';

/** Letters and digits of any script, and `@ . + - _`. */
export class UnicodeUsernameValidator extends RegexValidator {
  override readonly regex = /^[\p{L}\p{N}_.@+-]+$/u;
  override readonly message = _(
    'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.',
  );
}

/** The same of ASCII. */
export class ASCIIUsernameValidator extends RegexValidator {
  override readonly regex = /^[\w.@+-]+$/;
  override readonly message = _(
    'Enter a valid username. This value may contain only unaccented lowercase a-z and uppercase A-Z letters, numbers, ' +
      'and @/./+/-/_ characters.',
  );
}
