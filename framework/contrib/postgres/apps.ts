import { AppConfig } from '../../apps/config';
import { CharField, TextField } from '../../db/models/fields/text';
import {
  SearchLookup,
  TrigramSimilar,
  TrigramStrictWordSimilar,
  TrigramWordSimilar,
  Unaccent,
} from './search/lookups';

/** Django: `django.contrib.postgres.apps`. */
export class PostgresConfig extends AppConfig {
  override verboseName = 'PostgreSQL extensions';

  /** Texts can be searched: `title__search`, `name__unaccent__startswith`, `name__trigram_similar`. */
  override ready(): void {
    for (const Field of [CharField, TextField]) {
      for (const Class of [
        SearchLookup,
        TrigramSimilar,
        TrigramStrictWordSimilar,
        TrigramWordSimilar,
        Unaccent,
      ]) {
        Field.registerLookup(Class);
      }
    }
  }
}
