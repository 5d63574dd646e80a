/** Static files in production, by the package sirv: its list of files is in memory, its answers are conditional. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { settings } from '../../conf';
import { optionalRequire } from '../../utils/optional';
import { ImproperlyConfigured } from '../exceptions';

/** A name that holds the hash of its content, as ManifestStaticFilesStorage makes: it never changes. */
const HASHED = /\.[0-9a-f]{12}\.[^/.]+$/;
const IMMUTABLE = 'public, max-age=31536000, immutable';
const SHORT = 'public, max-age=60';

/**
 * Answers what is below STATIC_URL from STATIC_ROOT, and hands on all the rest.
 *
 * @throws ImproperlyConfigured without STATIC_ROOT, STATIC_URL or the package sirv.
 */
export function staticServer(): (message: IncomingMessage, reply: ServerResponse, next: () => void) => void {
  const { STATIC_ROOT: root, STATIC_URL: url } = settings;
  if (!root || !url || /^([a-z]+:)?\/\//i.test(url)) {
    throw new ImproperlyConfigured(
      '--static needs STATIC_ROOT, the folder that collectstatic fills, and a STATIC_URL on this host.',
    );
  }
  const sirv = optionalRequire<typeof import('sirv')>('sirv', 'serve --static');
  const serve = (typeof sirv === 'function' ? sirv : (sirv as { default: typeof import('sirv') }).default)(
    root,
    {
      etag: true,
      dotfiles: false,
      setHeaders: (reply, pathname) => {
        reply.setHeader('Cache-Control', HASHED.test(pathname) ? IMMUTABLE : SHORT);
        reply.setHeader('X-Content-Type-Options', 'nosniff');
      },
    },
  );
  const prefix = url.startsWith('/') ? url : `/${url}`;
  return (message, reply, next) => {
    const target = message.url ?? '';
    if (!target.startsWith(prefix)) return next();
    message.url = target.slice(prefix.length - 1);
    serve(message, reply, () => {
      message.url = target;
      next();
    });
  };
}
