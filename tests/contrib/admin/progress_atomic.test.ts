/** Actions that say how far they are, of a site whose requests are transactions. */
import '../../db/settings';
import { User } from 'tsango/contrib/auth/models';
import { Client } from 'tsango/test';
import { captureLogs } from '../../support/logs';
import { SQLITE_ENGINE } from '../../support/sqlite';
import { does, FOLLOWED, finish, LIST, lengthen, linesOf, messagesOf, post, tags } from './progress_support';
import { library, useLibrary } from './support';

useLibrary({ ENGINE: SQLITE_ENGINE, NAME: ':memory:', ATOMIC_REQUESTS: true });

async function boss(): Promise<Client> {
  const client = new Client({ raiseRequestException: false });
  await client.forceLogin(await User.objects.createSuperuser('boss', 'boss@example.com', 'secret'));
  return client;
}

it.each([false, true])('a failure undoes what was done, followed: %s', async (isFollowed) => {
  await tags('a', 'b');
  const client = await boss();
  does(async function* (_request, rows) {
    await rows.delete();
    yield { done: 1 };
    throw new Error('too late');
  });
  await captureLogs('tsango', () => post(client, isFollowed ? FOLLOWED : {}));
  expect(await library.Tag.objects.count()).toBe(2);
});

it.each([false, true])('its end keeps it, followed: %s', async (isFollowed) => {
  await tags('a', 'b');
  const client = await boss();
  does(lengthen);
  const answer = await post(client, isFollowed ? FOLLOWED : {});
  if (isFollowed) await finish(client, linesOf(answer));
  expect(messagesOf(await client.get(LIST))).toEqual(['success: 2 lengthened.']);
  expect(await library.Tag.objects.filter({ word__endswith: '!' }).count()).toBe(2);
});
