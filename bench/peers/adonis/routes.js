import router from '@adonisjs/core/services/router';
import server from '@adonisjs/core/services/server';
import common from '../common.js';

const { newSession, page } = common;

server.use([]);
router.use([() => import('@adonisjs/session/session_middleware')]);

if (process.env.BENCH_AUTH === '1') {
  await import('./auth/routes.js');
} else {
  router.get('/plain', ({ response }) => response.type('text').send('Hello, world'));
  router.get('/get', ({ session, response }) => response.type('text').send(`data is ${session.get('name')}`));
  router.get('/set', ({ session, response }) => {
    for (const [key, value] of Object.entries(newSession())) session.put(key, value);
    response.type('text').send('set successfully');
  });
  router.get('/page', ({ session, response }) => response.type('html').send(page(session.all())));
}
