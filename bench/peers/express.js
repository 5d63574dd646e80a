'use strict';
const express = require('express');
const {
  STORE,
  PORT,
  SECRET,
  DAYS_14,
  newSession,
  page,
  sessionStore,
  listening,
  abort,
} = require('./common');

async function main() {
  const app = express();
  app.disable('x-powered-by');
  if (STORE === 'cookie') {
    app.use(require('cookie-session')({ keys: [SECRET], maxAge: DAYS_14, sameSite: 'lax' }));
  } else {
    const session = require('express-session');
    const store = await sessionStore(session);
    app.use(
      session({
        secret: SECRET,
        resave: false,
        saveUninitialized: false,
        cookie: { maxAge: DAYS_14, sameSite: 'lax' },
        ...(store ? { store } : {}),
      }),
    );
  }
  app.get('/plain', (_request, response) => response.type('text/plain').send('Hello, world'));
  app.get('/get', (request, response) => response.type('text/plain').send(`data is ${request.session.name}`));
  app.get('/set', (request, response) => {
    Object.assign(request.session, newSession());
    response.type('text/plain').send('set successfully');
  });
  app.get('/page', (request, response) => response.type('html').send(page(request.session)));
  app.listen(PORT, '127.0.0.1', () => listening('express'));
}

main().catch(abort);
