/** Objects that several values tell from others, in the admin: Django's refuses their models. */
import '../../db/settings';
import type { DatabaseSettings } from 'tsango/conf';
import * as admin from 'tsango/contrib/admin';
import { ADDITION, CHANGE, DELETION, LogEntry } from 'tsango/contrib/admin/models';
import type { ModelClass } from 'tsango/db/models';
import type { Client, ClientResponse } from 'tsango/test';
import { scratchDatabase } from '../../support/databases';
import { describeWith } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';
import type * as theatreModels from './site/theatre/models';
import { fieldsOf, staff, useSite } from './support';

let theatre: typeof theatreModels;

function useTheatre(database: DatabaseSettings): void {
  useSite('theatre', database, () => {
    theatre = require('./site/theatre/models') as typeof theatreModels;
    const { Hall, Seat, Ticket } = theatre;
    return [Hall, Seat, Ticket] as ModelClass[];
  });
}

const location = (response: ClientResponse): unknown => response.headers.get('location');
const LIST = '/admin/theatre/seat/';
const seats = async (): Promise<string[]> =>
  [...(await theatre.Seat.objects.all())].map(({ row, place, guest }) => `${row} ${place} ${guest}`).sort();

let client: Client;
let hall: number;

function cases(): void {
  beforeEach(async () => {
    const { id } = await theatre.Hall.objects.create({ name: 'Large' });
    hall = id;
    await theatre.Seat.objects.bulkCreate(
      [
        ['A', 7, 'Ada'],
        ['a,/_"', 1, 'Grace'],
      ].map(([row, place, guest]) => new theatre.Seat({ hallId: hall, row, place, guest } as never)),
    );
    client = await staff();
  });

  const change = (segment: string): string => `${LIST}${hall},${segment}/change/`;

  describe('an object with a key of several values', () => {
    it('is linked from the list, each part quoted, and opens there', async () => {
      const { text } = await client.get(LIST);
      const links = [...text.matchAll(/<th class="field-__str__" scope="row"><a href="([^"]*)"/g)];
      expect(links.map(([, href]) => href).sort()).toEqual([change('A,7'), change('a_2C_2F_5F_22,1')]);
      for (const [, link = ''] of links) expect((await client.get(link)).statusCode).toBe(200);
      expect((await client.get(change('a_2C_2F_5F_22,1'))).text).toContain('value="Grace"');
    });

    it('is not found by an address that is no such key: a message, and the first page', async () => {
      for (const wrong of [
        'A',
        'A,7,7',
        'A,seven',
        'A,8',
        '',
        ',',
        '["A", "7"]',
        'A,7%00',
        "A,7' OR 1=1 --",
      ]) {
        for (const page of ['change', 'delete', 'history']) {
          const response = await client.get(`${LIST}${hall},${encodeURIComponent(wrong)}/${page}/`);
          expect([wrong, response.statusCode, location(response)]).toEqual([wrong, 302, '/admin/']);
        }
      }
      const { text } = await client.get('/admin/');
      expect(text).toContain(`Seat with ID “${hall},A,seven” doesn’t exist. Perhaps it was deleted?`);
    });

    it('is added, noted in the log by the JSON of its key, and linked from there', async () => {
      const sent = { hall: String(hall), row: 'B, b', place: '2', guest: 'Lin', _continue: '1' };
      const response = await client.post(`${LIST}add/`, sent);
      expect(location(response)).toBe(change('B_2C b,2').replace(' ', '%20'));
      expect(await seats()).toContain('B, b 2 Lin');
      const entry = await LogEntry.objects.get({ actionFlag: ADDITION });
      expect(entry.objectId).toBe(`["${hall}", "B, b", "2"]`);
      expect(await entry.getAdminUrl()).toBe(change('B_2C b,2').replace(' ', '%20'));
      expect(String(await entry.getEditedObject())).toBe('B, b 2');
      expect((await client.get('/admin/')).text).toContain(`href="${change('B_2C%20b,2')}"`);
      expect((await client.get('/admin/admin/activity/')).text).toContain(`href="${change('B_2C%20b,2')}"`);
      expect((await client.get(change('B_2C b,2').replace('change', 'history'))).text).toContain('Added.');
    });

    it('is not added twice', async () => {
      const { text } = await client.post(`${LIST}add/`, { hall: String(hall), row: 'A', place: '7' });
      expect(text).toContain('Seat with this Hall, Row and Place already exists.');
    });

    it('is changed, but for its key: another one would be another row', async () => {
      const { text } = await client.get(change('A,7'));
      expect(text).toMatch(/<input type="text" name="row" value="A"[^>]* disabled/);
      const response = await client.post(change('A,7'), {
        ...fieldsOf(text),
        row: 'Z',
        place: '9',
        guest: 'Bo',
      });
      expect(location(response)).toBe(LIST);
      expect(await seats()).toEqual(['A 7 Bo', 'a,/_" 1 Grace']);
      const entry = await LogEntry.objects.get({ actionFlag: CHANGE });
      expect([entry.objectId, entry.getChangeMessage()]).toEqual([`["${hall}", "A", "7"]`, 'Changed Guest.']);
      expect((await client.get(change('A,7').replace('change', 'history'))).text).toContain('Changed Guest.');
    });

    it('is saved as new with another key', async () => {
      const { text } = await client.get(change('A,7'));
      const { _version, ...fields } = fieldsOf(text);
      const sent = { ...fields, hall: String(hall), row: 'A', place: '8', _saveasnew: '1' };
      expect(location(await client.post(change('A,7'), sent))).toBe(change('A,8'));
      expect(await seats()).toEqual(['A 7 Ada', 'A 8 Ada', 'a,/_" 1 Grace']);
    });

    it('is not overwritten unawares', async () => {
      const page = fieldsOf((await client.get(change('A,7'))).text);
      await theatre.Seat.objects.filter({ row: 'A' }).update({ guest: 'Bo' });
      const { text } = await client.post(change('A,7'), { ...page, guest: 'Cy' });
      expect(text).toContain('Meanwhile changed to “Bo”.');
      expect(location(await client.post(change('A,7'), fieldsOf(text)))).toBe(LIST);
      expect(await seats()).toContain('A 7 Cy');
    });

    it('is deleted with what refers to it by all parts of its key', async () => {
      await theatre.Ticket.objects.create({ hallId: hall, row: 'A', place: 7 });
      const address = change('A,7').replace('change', 'delete');
      const { text } = await client.get(address);
      expect(text).toContain(`Seat: <a href="${change('A,7')}">A 7</a>`);
      expect(text).toContain('>Ticket ');
      expect(location(await client.post(address, { post: 'yes' }))).toBe(LIST);
      expect([await seats(), await theatre.Ticket.objects.count()]).toEqual([['a,/_" 1 Grace'], 0]);
      const entry = await LogEntry.objects.get({ actionFlag: DELETION });
      expect(entry.objectId).toBe(`["${hall}", "A", "7"]`);
      await expect(entry.getEditedObject()).rejects.toThrow(theatre.Seat.DoesNotExist);
      expect(location(await client.get(address))).toBe('/admin/');
    });

    it('goes with its parent', async () => {
      await theatre.Ticket.objects.create({ hallId: hall, row: 'A', place: 7 });
      const { text } = await client.get(`/admin/theatre/hall/${hall}/delete/`);
      expect(text).toContain(`<a href="${change('a_2C_2F_5F_22,1')}">`);
      await client.post(`/admin/theatre/hall/${hall}/delete/`, { post: 'yes' });
      expect(await seats()).toEqual([]);
    });

    it('leads to where the site shows it', async () => {
      const link =
        /href="([^"]*)" class="viewsitelink"/.exec((await client.get(change('A,7'))).text)?.[1] ?? '';
      expect(location(await client.get(link))).toBe('http://testserver/seats/A7/');
      for (const wrong of ['A', '["A"]', '{}', '[1, "A", 8]']) {
        const address = link.replace(
          /(r\/\d+\/).*/,
          (_all, start: string) => start + encodeURIComponent(wrong),
        );
        expect([wrong, (await client.get(`${address}/`)).statusCode]).toEqual([wrong, 404]);
      }
    });

    it('is chosen in a pop-up by the JSON of its key', async () => {
      const { text } = await client.get(`${LIST}?_popup=1`);
      expect(text).toContain(`data-popup-opener="[&quot;${hall}&quot;, &quot;A&quot;, &quot;7&quot;]"`);
      const sent = { hall: String(hall), row: 'C', place: '1', _popup: '1' };
      const added = await client.post(`${LIST}add/`, sent);
      const said = JSON.parse(
        /data-popup-response="([^"]*)"/.exec(added.text)?.[1]?.replaceAll('&quot;', '"') ?? '',
      );
      expect(said).toEqual({ value: `["${hall}", "C", "1"]`, obj: 'C 1' });
    });

    it('is found by the search of the site', async () => {
      expect((await client.get('/admin/palette/?q=Grace')).text).toContain(change('a_2C_2F_5F_22,1'));
    });

    it('is not for those who may not', async () => {
      const clerk = await staff(['view_seat']);
      expect((await clerk.get(change('A,7'))).text).toContain('<div class="readonly">Ada</div>');
      expect((await clerk.post(change('A,7'), { guest: 'Bo' })).statusCode).toBe(403);
      expect((await clerk.get(change('A,7').replace('change', 'delete'))).statusCode).toBe(403);
      expect((await clerk.get(`${LIST}add/`)).statusCode).toBe(403);
      expect(await seats()).toContain('A 7 Ada');
    });
  });

  describe('a list of such objects', () => {
    const boxes = async (): Promise<string[]> =>
      [...(await client.get(LIST)).text.matchAll(/name="_selected_action" value="([^"]*)"/g)].map(
        ([, value = '']) => value.replaceAll('&quot;', '"'),
      );

    it('is acted on: deleted, exported; boxes that say no key choose nothing', async () => {
      const chosen = (await boxes()).filter((value) => value.includes('"A"'));
      expect(chosen).toEqual([`["${hall}", "A", "7"]`]);
      const act = (action: string, keys: readonly string[], more = {}) =>
        client.post(LIST, { action, _selected_action: keys, ...more });
      const csv = await act('exportCsv', chosen, { index: '0' });
      expect(csv.text).toContain('Ada');
      expect(csv.text).not.toContain('Grace');
      expect(JSON.parse((await act('exportJson', chosen, { index: '0' })).text)).toEqual([
        { pk: [hall, 'A', 7], guest: 'Ada' },
      ]);
      for (const none of ['7', '["A"]', '[[1], {}, null]', '[', `${hall},A,7`]) {
        const answer = await act('delete_selected', [none], { post: 'yes' });
        expect([none, answer.statusCode]).toEqual([none, 302]);
      }
      expect(await seats()).toHaveLength(2);
      const { text } = await act('delete_selected', chosen, { index: '0' });
      expect(fieldsOf(text)['_selected_action']).toBe(chosen[0]);
      await act('delete_selected', chosen, { post: 'yes' });
      expect(await seats()).toEqual(['a,/_" 1 Grace']);
    });

    it('is edited in place', async () => {
      const page = fieldsOf((await client.get(LIST)).text);
      const place = Object.keys(page).find((name) => page[name] === 'Ada') as string;
      expect(page[place.replace('guest', 'pk')]).toBe(`["${hall}", "A", "7"]`);
      expect(location(await client.post(LIST, { ...page, [place]: 'Bo', _save: '1' }))).toBe(LIST);
      expect(await seats()).toEqual(['A 7 Bo', 'a,/_" 1 Grace']);
      for (const wrong of ['', 'x', '["1"]', `["${hall}", "A", "8"]`]) {
        const answer = await client.post(LIST, {
          ...page,
          [place.replace('guest', 'pk')]: wrong,
          _save: '1',
        });
        expect([wrong, answer.statusCode]).toEqual([wrong, 200]);
      }
      expect(await seats()).toEqual(['A 7 Bo', 'a,/_" 1 Grace']);
    });

    it('is not saved over what somebody else saved', async () => {
      const page = fieldsOf((await client.get(LIST)).text);
      const place = Object.keys(page).find((name) => page[name] === 'Ada') as string;
      await theatre.Seat.objects.filter({ row: 'A' }).update({ guest: 'Bo' });
      const { text } = await client.post(LIST, { ...page, [place]: 'Cy', _save: '1' });
      expect(text).toContain('This row was changed after you had opened the page.');
      expect(await seats()).toContain('A 7 Bo');
    });

    it('is filtered, searched, sorted and read page by page', async () => {
      const rows = async (query: string): Promise<string[]> =>
        [...(await client.get(`${LIST}?${query}`)).text.matchAll(/scope="row"><a [^>]*>([^<]*)</g)].map(
          ([, text = '']) => text,
        );
      expect(await rows(`hall__id__exact=${hall}&row=A`)).toEqual(['A 7']);
      expect(await rows('q=grace')).toEqual(['a,/_&quot; 1']);
      expect(await rows('o=2')).toHaveLength(2);
      await theatre.Seat.objects.bulkCreate(
        Array.from(
          { length: 5_120 },
          (_all, place) => new theatre.Seat({ hallId: hall, row: 'P', place } as never),
        ),
      );
      // Behind 5,000 rows a page reads keys first.
      expect([(await rows('p=1')).length, (await rows('p=52')).length]).toEqual([100, 22]);
    });
  });

  describe('inlines of such objects', () => {
    const page = (): string => `/admin/theatre/hall/${hall}/change/`;

    it('are changed, added and deleted; their keys stay', async () => {
      const { text } = await client.get(page());
      expect(text).toContain(`href="${change('A,7')}" class="inlinechangelink"`);
      expect(text).toMatch(/name="seat_set-0-row" value="A"[^>]* disabled/);
      const sent: Record<string, string> = {
        ...fieldsOf(text),
        'seat_set-0-row': 'Z',
        'seat_set-0-guest': 'Bo',
        'seat_set-1-DELETE': 'on',
        'seat_set-2-row': 'B',
        'seat_set-2-place': '3',
      };
      expect(sent['seat_set-0-pk']).toBe(`["${hall}", "A", "7"]`);
      expect(location(await client.post(page(), sent))).toBe('/admin/theatre/hall/');
      expect(await seats()).toEqual(['A 7 Bo', 'B 3 ']);
    });

    it('refuse a key that is there, one that comes twice, and the key of another hall’s seat', async () => {
      const fields = fieldsOf((await client.get(page())).text);
      const again = { 'seat_set-2-row': 'A', 'seat_set-2-place': '7' };
      const refused = await client.post(page(), { ...fields, ...again });
      expect(refused.text).toContain('Seat with this Hall, Row and Place already exists.');
      const twice = {
        'seat_set-2-row': 'B',
        'seat_set-2-place': '3',
        'seat_set-3-row': 'B',
        'seat_set-3-place': '3',
      };
      const { text } = await client.post(page(), { ...fields, ...twice, 'seat_set-TOTAL_FORMS': '4' });
      expect(text).toContain('Please correct the duplicate data for row and place, which must be unique.');
      const other = await theatre.Hall.objects.create({ name: 'Small' });
      await theatre.Seat.objects.create({ hallId: other.id, row: 'A', place: 7, guest: 'Eve' });
      for (const wrong of [`["${other.id}", "A", "7"]`, '["A"]', 'x']) {
        const answer = await client.post(page(), {
          ...fields,
          'seat_set-0-pk': wrong,
          'seat_set-0-guest': 'Bo',
        });
        expect([wrong, answer.statusCode]).toEqual([wrong, 200]);
      }
      expect(await seats()).toEqual(['A 7 Ada', 'A 7 Eve', 'a,/_" 1 Grace']);
    });
  });

  describe('relations to such objects', () => {
    it('are shown and linked, and need no form', async () => {
      const { id } = await theatre.Ticket.objects.create({ hallId: hall, row: 'A', place: 7 });
      expect((await client.get('/admin/theatre/ticket/')).text).toMatch(/<td class="field-seat[^"]*">A 7</);
      const { text } = await client.get(`/admin/theatre/ticket/${id}/change/`);
      expect(text).toContain(`<a href="${change('A,7')}">A 7</a>`);
    });

    it('cannot be chosen while one types, or by a key: checks say so', () => {
      class TicketAdmin extends admin.ModelAdmin<theatreModels.Ticket> {
        override autocompleteFields = ['seat'];
        override rawIdFields = ['seat'];
      }
      class SeatAdmin extends admin.ModelAdmin<theatreModels.Seat> {
        override listDisplay = ['__str__', 'row', 'guest'];
        override listEditable = ['row', 'guest'];
      }
      const ids = (made: admin.ModelAdmin<never>): string[] =>
        made.check().map(({ id, msg }) => `${id}: ${msg}`);
      expect(ids(new TicketAdmin(theatre.Ticket as never, admin.site) as never)).toEqual([
        "admin.E038: The value of 'autocompleteFields[0]' must be a foreign key or a many-to-many field.",
        "admin.E003: The value of 'rawIdFields[0]' must be a foreign key or a many-to-many field.",
      ]);
      expect(ids(new SeatAdmin(theatre.Seat as never, admin.site) as never)).toEqual([
        "admin.E125: The value of 'listEditable[0]' refers to 'row', which is not editable through the admin.",
      ]);
    });
  });
}

describe('sqlite', () => {
  useTheatre({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' });
  cases();
});
for (const engine of ['postgresql', 'mysql'] as const) {
  describeWith(engine, engine, () => {
    useTheatre(scratchDatabase(engine));
    cases();
  });
}
