'use strict';
const express = require('express');
const { STORE, PORT, SECRET, SESSION, page, sessionStore, listening, abort } = require('./common');

async function main() {
  const app = express();
  app.get('/plain', (_request, response) => response.type('text/plain').send('Hello, world'));
  if (STORE === 'cookie') {
    app.use(require('cookie-session')({ keys: [SECRET], maxAge: 14 * 86_400_000, sameSite: 'lax' }));
  } else {
    const session = require('express-session');
    const store = await sessionStore(session);
    app.use(
      session({
        secret: SECRET,
        resave: false,
        saveUninitialized: false,
        cookie: { maxAge: 14 * 86_400_000, sameSite: 'lax' },
        ...(store ? { store } : {}),
      }),
    );
  }
  app.get('/get', (request, response) => response.type('text/plain').send(`data is ${request.session.name}`));
  app.get('/set', (request, response) => {
    Object.assign(request.session, SESSION);
    response.type('text/plain').send('set successfully');
  });
  app.get('/page', (request, response) => response.type('html').send(page(request.session)));
  app.listen(PORT, '127.0.0.1', () => listening('express'));
}

main().catch(abort);
