'use strict';
/** Express with passport, as its README shows: the user is read at each request that has a session. */
const express = require('express');
const session = require('express-session');
const passport = require('passport');
const { Strategy } = require('passport-local');
const { abort, DAYS_14, listening, PORT, SECRET, sessionStore } = require('./common');
const { PASSWORD, userTable } = require('./users');

async function main() {
  const users = userTable();
  passport.use(
    // How a password is hashed is not what is measured here.
    new Strategy((name, password, done) => done(null, password === PASSWORD && users.byName(name))),
  );
  passport.serializeUser((user, done) => done(null, user.id));
  passport.deserializeUser((id, done) => done(null, users.byId(id) ?? false));

  const app = express();
  app.disable('x-powered-by');
  app.use(
    session({
      secret: SECRET,
      resave: false,
      saveUninitialized: false,
      cookie: { maxAge: DAYS_14, sameSite: 'lax' },
      store: await sessionStore(session),
    }),
  );
  app.use(passport.session());
  const plain = (_request, response) => response.type('text/plain').send('plain');
  app.get('/plain', plain);
  app.get('/present', plain);
  app.get('/who', (request, response) => response.type('text/plain').send(request.user?.username ?? ''));
  app.get('/enter', passport.authenticate('local'), (_request, response) =>
    response.type('text/plain').send('in'),
  );
  app.listen(PORT, '127.0.0.1', () => listening('express with passport'));
}

main().catch(abort);
