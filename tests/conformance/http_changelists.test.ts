/** Lists that Django's own tests ask an admin for: the same rows, order, counts and filters. */
import { configure } from 'tsango/conf';
import { appsWithLists, listIds, replayLists } from '../support/http/changelists';
import { type Exceptions, expectOutcomes } from '../support/http/report';
import { describeVectors } from '../support/vectors';

configure({ SECRET_KEY: 'not a secret', DEFAULT_AUTO_FIELD: 'django.db.models.AutoField' });

const EXCEPTIONS: Readonly<Record<string, Exceptions>> = {};

describeVectors('http/changelists', 'lists', () => {
  it.each(appsWithLists())(
    'are Django’s: %s',
    async (app) => {
      expectOutcomes(`lists ${app}`, await replayLists(app), listIds(app), EXCEPTIONS[app]);
    },
    120_000,
  );
});
