import { defineSettings } from 'tsango/conf';

export default defineSettings({
  SECRET_KEY: process.env['SECRET_KEY'] ?? 'django-insecure-only-for-development',
  DEBUG: true,
  INSTALLED_APPS: [],
});
