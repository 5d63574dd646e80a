import { Secret } from '@adonisjs/core/helpers';
import { defineConfig } from '@adonisjs/core/http';
import common from '../../common.js';

export const appKey = new Secret(common.SECRET);
export const http = defineConfig({
  generateRequestId: false,
  allowMethodSpoofing: false,
  cookie: { path: '/', maxAge: '14d', httpOnly: true, secure: false, sameSite: 'lax' },
});
