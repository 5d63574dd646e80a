'use strict';
/** The benchmark's site: its URLs and views, as a user writes them. */
const { HttpResponse } = require('tsango/http');
const { render } = require('tsango/shortcuts');
const { path } = require('tsango/urls');
const { newSession } = require('../peers/common');

const TEXT = { contentType: 'text/plain' };

exports.urlpatterns = [
  path('plain', () => new HttpResponse('Hello, world', TEXT)),
  path('get', (request) => new HttpResponse(`data is ${request.session.name}`, TEXT)),
  path('set', (request) => {
    for (const [key, value] of Object.entries(newSession())) request.session[key] = value;
    return new HttpResponse('set successfully', TEXT);
  }),
  path('page', (request) => render(request, 'page.html')),
  // What a login does to the session: a new key, the old one gone. For the soak.
  path('login', async (request) => {
    request.session.user = 42;
    await request.session.cycleKey();
    return new HttpResponse('logged in', TEXT);
  }),
];
