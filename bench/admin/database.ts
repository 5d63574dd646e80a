/** The database of the bench of the admin, and the settings of the site over it. */
import path from 'node:path';
import { Client } from 'pg';
import { configure } from 'tsango/conf';
import { connections } from 'tsango/db';
import { path as route } from 'tsango/urls';
import { setSiteRoot } from 'tsango/utils/module_loading';
import { createTables } from '../../tests/support/model_tables';
import type * as Library from './site/library/models';

export const ENGINES = ['sqlite3', 'postgresql'] as const;
export type Engine = (typeof ENGINES)[number];

export const SECRET_KEY = 'what the bench of the admin signs with';
export const AUTHORS = 1000;
const SERVER = { HOST: '127.0.0.1', USER: 'postgres' };

/** A database of its own, as both sides' settings name it; what it was is taken away by `drop`. */
export interface BenchDatabase {
  readonly settings: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

/** Makes the database. Of SQLite it is a file of the folder. */
export async function makeDatabase(engine: Engine, folder: string): Promise<BenchDatabase> {
  if (engine === 'sqlite3') {
    return { settings: { NAME: path.join(folder, 'db.sqlite3') }, drop: () => Promise.resolve() };
  }
  const NAME = `tsango_bench_admin_${process.pid}`;
  await onServer(`CREATE DATABASE ${NAME}`);
  return { settings: { NAME, ...SERVER }, drop: () => onServer(`DROP DATABASE ${NAME} WITH (FORCE)`) };
}

async function onServer(sql: string): Promise<void> {
  const client = new Client({ host: SERVER.HOST, user: SERVER.USER, database: 'postgres' });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}

/** The tables of the library: so many books in turn by a thousand authors, ten reviews of the first. */
export async function fill(books: number): Promise<void> {
  const library = require('./site/library/models') as typeof Library;
  await createTables([library.Author, library.Book, library.Review]);
  const connection = connections.get();
  const series = (to: number): string =>
    connection.vendor === 'postgresql'
      ? `generate_series(1, ${to}) AS n(i)`
      : `(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${to}) SELECT i FROM n) AS n`;
  const day =
    connection.vendor === 'postgresql'
      ? "DATE '2000-01-01' + (i * 7919) % 8000"
      : "date('2000-01-01', '+' || ((i * 7919) % 8000) || ' days')";
  const truth = connection.vendor === 'postgresql' ? 'i % 3 = 0' : 'CASE WHEN i % 3 = 0 THEN 1 ELSE 0 END';
  await connection.execute(`INSERT INTO library_author (name) SELECT 'Author ' || i FROM ${series(AUTHORS)}`);
  await connection.execute(
    `INSERT INTO library_book (title, author_id, published, price, is_public) ` +
      `SELECT 'Book ' || i, 1 + i % ${AUTHORS}, ${day}, (i % 90) + 0.5, ${truth} FROM ${series(books)}`,
  );
  await connection.execute(
    `INSERT INTO library_review (book_id, text, stars) SELECT 1, 'Review ' || i, 1 + i % 5 FROM ${series(10)}`,
  );
  await connection.execute('ANALYZE');
}

/** The settings of the site, whose admin is at `/admin/` and, with a date hierarchy, at `/dated/`. */
export function configureSite(engine: Engine, { settings }: BenchDatabase): void {
  setSiteRoot(path.join(__dirname, 'site'));
  configure({
    SECRET_KEY,
    ALLOWED_HOSTS: ['*'],
    STATIC_URL: '/static/',
    INSTALLED_APPS: [
      ...['admin', 'auth', 'contenttypes', 'sessions', 'messages', 'staticfiles'].map(
        (name) => `django.contrib.${name}`,
      ),
      'library',
    ],
    MIDDLEWARE: [
      'django.contrib.sessions.middleware.SessionMiddleware',
      'django.middleware.csrf.CsrfViewMiddleware',
      'django.contrib.auth.middleware.AuthenticationMiddleware',
      'django.contrib.messages.middleware.MessageMiddleware',
    ],
    TEMPLATES: [
      {
        BACKEND: 'django.template.backends.django.DjangoTemplates',
        APP_DIRS: true,
        OPTIONS: {
          context_processors: [
            'django.template.context_processors.request',
            'django.contrib.auth.context_processors.auth',
            'django.contrib.messages.context_processors.messages',
          ],
        },
      },
    ],
    DATABASES: {
      default: { ENGINE: engine === 'sqlite3' ? 'better-sqlite3' : 'postgresql', ...settings },
    },
    ROOT_URLCONF: {
      get urlpatterns() {
        const { site } = require('tsango/contrib/admin') as typeof import('tsango/contrib/admin');
        const { dated } = require('./site/library/admin') as typeof import('./site/library/admin');
        return [route('admin/', site.urls), route('dated/', dated.urls)];
      },
    },
  } as never);
}
