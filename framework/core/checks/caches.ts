/** Django: `django.core.checks.caches`. The backends are judged by their settings; none is made. */
import path from 'node:path';
import { type CacheSettings, settings } from '../../conf';
import { Error as CheckError, Warning } from './messages';
import { refused } from './named';
import { register, Tags } from './registry';

const E001 = new CheckError("You must define a 'default' cache in your CACHES setting.", {
  id: 'caches.E001',
});

function isFileBased({ BACKEND }: CacheSettings): boolean {
  return (typeof BACKEND === 'string' ? BACKEND : BACKEND.name).endsWith('FileBasedCache');
}

function location({ LOCATION }: CacheSettings): string {
  return typeof LOCATION === 'string' ? LOCATION : (LOCATION?.[0] ?? '');
}

/** How the folder of a cache lies to a folder that is served. */
function relation(served: string, cache: string): string | undefined {
  if (served === cache) return 'matches';
  if (cache.startsWith(served + path.sep)) return 'is inside';
  return served.startsWith(cache + path.sep) ? 'contains' : undefined;
}

function servedFolders(): [name: string, folder: string][] {
  const { MEDIA_ROOT, STATIC_ROOT, STATICFILES_DIRS } = settings;
  const folders: [string, string][] = [];
  if (MEDIA_ROOT) folders.push(['MEDIA_ROOT', MEDIA_ROOT]);
  if (STATIC_ROOT) folders.push(['STATIC_ROOT', STATIC_ROOT]);
  for (const entry of STATICFILES_DIRS) {
    folders.push(['STATICFILES_DIRS', typeof entry === 'string' ? entry : entry[1]]);
  }
  return folders.map(([name, folder]) => [name, path.resolve(folder)]);
}

register(() => ('default' in settings.CACHES ? [] : [E001]), Tags.caches);
register(
  () =>
    Object.entries(settings.CACHES)
      .filter(([, conf]) => isFileBased(conf))
      .flatMap(([alias, conf]) =>
        servedFolders().flatMap(([name, folder]) => {
          const how = relation(folder, path.resolve(location(conf)));
          if (how === undefined) return [];
          return [
            new Warning(
              `Your '${alias}' cache configuration might expose your cache or lead to corruption of your data ` +
                `because its LOCATION ${how} ${name}.`,
              { id: 'caches.W002' },
            ),
          ];
        }),
      ),
  Tags.caches,
  { deploy: true },
);
register(
  () =>
    Object.entries(settings.CACHES)
      .filter(([, conf]) => isFileBased(conf) && !path.isAbsolute(location(conf)))
      .map(
        ([alias]) =>
          new Warning(`Your '${alias}' cache LOCATION path is relative. Use an absolute path instead.`, {
            id: 'caches.W003',
          }),
      ),
  Tags.caches,
);

const REDIS = /^(?:django|tsango)\.core\.cache\.backends\.redis\.RedisCache$/;

// Without the package the site would start, and fail at the first request that needs the cache.
register(
  () =>
    Object.values(settings.CACHES).some(({ BACKEND }) => typeof BACKEND === 'string' && REDIS.test(BACKEND))
      ? refused('caches.E101', () => {
          const { loadRedis } =
            require('../cache/backends/redis_package') as typeof import('../cache/backends/redis_package');
          loadRedis();
        })
      : [],
  Tags.caches,
);
