'use strict';
const {
  STORE,
  PORT,
  SECRET,
  DAYS_14,
  KEYS,
  newSession,
  page,
  sessionStore,
  listening,
  abort,
} = require('./common');

async function main() {
  const app = require('fastify')();
  if (process.env.BENCH_SESSION === 'off') {
    // Routing alone, for `plain`.
  } else if (STORE === 'cookie') {
    await app.register(require('@fastify/secure-session'), {
      key: Buffer.from(SECRET).subarray(0, 32),
      expiry: 14 * 86_400,
      cookie: { path: '/', httpOnly: true, sameSite: 'lax', maxAge: 14 * 86_400 },
    });
  } else {
    const store = await sessionStore();
    await app.register(require('@fastify/cookie'));
    await app.register(require('@fastify/session'), {
      secret: SECRET,
      saveUninitialized: false,
      // By default every answer writes the session anew and sends the cookie again.
      rolling: false,
      cookie: { secure: false, maxAge: DAYS_14, sameSite: 'lax' },
      ...(store ? { store } : {}),
    });
  }
  const read = (request, key) => (STORE === 'cookie' ? request.session.get(key) : request.session[key]);
  app.get('/plain', (_request, reply) => {
    reply.type('text/plain').send('Hello, world');
  });
  app.get('/get', (request, reply) => {
    reply.type('text/plain').send(`data is ${read(request, 'name')}`);
  });
  app.get('/set', (request, reply) => {
    for (const [key, value] of Object.entries(newSession())) {
      if (STORE === 'cookie') request.session.set(key, value);
      else request.session[key] = value;
    }
    reply.type('text/plain').send('set successfully');
  });
  app.get('/page', (request, reply) => {
    const session = Object.fromEntries(KEYS.map((key) => [key, read(request, key)]));
    reply.type('text/html').send(page(session));
  });
  await app.listen({ port: PORT, host: '127.0.0.1' });
  listening('fastify');
}

main().catch(abort);
