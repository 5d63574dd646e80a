/** Values that only are shown, to those who may look and not change. */
import '../../db/settings';
import { Permission, User } from 'tsango/contrib/auth/models';
import { Client } from 'tsango/test';
import { useLibrary } from './support';

useLibrary();

it('CVE-2018-16984: whoever may only look at users sees the beginning of a hash alone, and values as they are', async () => {
  const viewer = await User.objects.createUser('viewer', '', 'secret', {
    isStaff: true,
    firstName: 'A <b>\r\nB',
  });
  await viewer.userPermissions.add(await Permission.objects.get({ codename: 'view_user' }));
  const client = new Client();
  await client.forceLogin(viewer);
  const page = (await client.get(`/admin/auth/user/${viewer.pk}/change/`)).text;
  const [, salt = '', hash = ''] = viewer.password.split('$');
  expect(page).toContain(salt.slice(0, 2));
  expect(page).not.toContain(salt);
  expect(page).not.toContain(hash);
  expect(page).toContain('<div class="readonly">viewer</div>');
  expect(page).toContain('<div class="readonly">A &lt;b&gt;<br>B</div>');
  expect(page).toMatch(/<div class="readonly"><img src="[^"]*icon-yes.svg" alt="True"><\/div>/);
  expect((await client.post(`/admin/auth/user/${viewer.pk}/change/`, { password: 'x' })).statusCode).toBe(
    403,
  );
});
