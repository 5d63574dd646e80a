/** The pages of bench/auth. */
import router from '@adonisjs/core/services/router';
import users from '../../users.js';
import User from './user.js';

users.userTable();
router.use([() => import('@adonisjs/auth/initialize_auth_middleware')]);

const plain = ({ response }) => response.type('text').send('plain');
router.get('/plain', plain);
router.get('/present', plain);
router.get('/who', async ({ auth, response }) => {
  await auth.check();
  return response.type('text').send(auth.user?.username ?? '');
});
router.get('/enter', async ({ auth, request, response }) => {
  // How a password is hashed is not what is measured here.
  if (request.input('password') !== users.PASSWORD) return response.unauthorized('no');
  await auth.use('web').login(await User.findByOrFail('username', request.input('username')));
  return response.type('text').send('in');
});
