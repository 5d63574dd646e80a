'use strict';
const { PORT, SECRET, newSession, page, listening, abort } = require('./common');

async function main() {
  const { Hono } = require('hono');
  const { getSignedCookie, setSignedCookie } = require('hono/cookie');
  const { serve } = require('@hono/node-server');
  const app = new Hono();
  const read = async (context) => JSON.parse((await getSignedCookie(context, SECRET, 'session')) || '{}');
  app.get('/plain', (context) => context.text('Hello, world'));
  app.get('/get', async (context) => context.text(`data is ${(await read(context)).name}`));
  app.get('/set', async (context) => {
    await setSignedCookie(context, 'session', JSON.stringify(newSession()), SECRET, {
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      maxAge: 14 * 86_400,
    });
    return context.text('set successfully');
  });
  app.get('/page', async (context) => context.html(page(await read(context))));
  serve({ fetch: app.fetch, port: PORT, hostname: '127.0.0.1' }, () => listening('hono'));
}

main().catch(abort);
