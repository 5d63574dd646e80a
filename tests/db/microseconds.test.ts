/** Django keeps microseconds: a row that is read and saved keeps them, and is found by what was read. */
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { type Engine, scratchDatabase } from '../support/databases';
import { describeWith } from '../support/services';
import { SQLITE_ENGINES } from '../support/sqlite';

beforeAll(() => configure({ SECRET_KEY: 'x' }));
afterAll(resetSettings);

class Event extends models.Model {
  static override readonly Meta = { appLabel: 'microseconds', dbTable: 'micro_event' };
  declare static readonly objects: models.Manager<Event>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.DateTimeField() declare at: Date;
}

function keepsThem(engine: Engine): void {
  const settings = scratchDatabase(engine);
  it.each([true, false])('USE_TZ %s', async (USE_TZ) => {
    await overrideSettings(
      { USE_TZ, TIME_ZONE: 'Europe/Berlin', DATABASES: { default: settings } },
      async () => {
        const connection = connections.get();
        const column = async (): Promise<unknown> => {
          const cast = connection.vendor === 'mysql' ? 'CAST(at AS char)' : 'CAST(at AS varchar(40))';
          return (await connection.execute(`SELECT ${cast} AS t FROM micro_event`)).rows[0]?.['t'];
        };
        try {
          await connection.schemaEditor().run((editor) => editor.createModel(Event._meta));
          // As Django writes it.
          await connection.execute(
            "INSERT INTO micro_event (name, at) VALUES ('a', '2026-05-06 10:00:00.123456')",
          );
          const before = await column();
          expect(before).toContain('.123456');
          const row = await Event.objects.get({ name: 'a' });
          expect(row.at.getMilliseconds()).toBe(123);
          expect(await Event.objects.filter({ at: row.at }).count()).toBe(1);
          expect(await Event.objects.filter({ at__gt: row.at }).count()).toBe(0);
          row.name = 'b';
          await row.save();
          expect(await column()).toBe(before);
          // A time that was changed is what it was changed to.
          row.at = new Date(row.at.getTime() + 1);
          await row.save();
          expect(await column()).toMatch(/10:00:00\.124(?:000)?/);
        } finally {
          await connection.execute('DROP TABLE IF EXISTS micro_event');
          await connections.closeAll();
        }
      },
    );
  });
}

for (const engine of SQLITE_ENGINES) describeWith(engine, engine, () => keepsThem(engine));
describeWith('postgresql', 'postgresql', () => keepsThem('postgresql'));
describeWith('mysql', 'mysql', () => keepsThem('mysql'));
