/** Text whose case does not count: columns of the type `citext` that Django has no more but in migrations of long ago. */
import type { CheckDetails } from '../../../db/models/fields/removed';
import { CharField, EmailField, TextField } from '../../../db/models/fields/text';

/** What `check` says of a field that a collation has taken the place of. */
function removed(name: string, instead: string, id: string): CheckDetails {
  return {
    msg: `tsango.contrib.postgres.fields.${name} is removed except for support in historical migrations.`,
    hint: `Use ${instead}({ dbCollation: "…" }) with a case-insensitive non-deterministic collation instead.`,
    id,
  };
}

/** Use `CharField` with a `dbCollation`. */
export class CICharField extends CharField {
  override readonly systemCheckRemovedDetails = removed('CICharField', 'CharField', 'fields.E905');
}

/** Use `EmailField` with a `dbCollation`. */
export class CIEmailField extends EmailField {
  override readonly systemCheckRemovedDetails = removed('CIEmailField', 'EmailField', 'fields.E906');
}

/** Use `TextField` with a `dbCollation`. */
export class CITextField extends TextField {
  override readonly systemCheckRemovedDetails = removed('CITextField', 'TextField', 'fields.E907');
}
