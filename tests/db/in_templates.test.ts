/** Rows in templates: dates, times and decimals, text in TypeScript, are formatted as Django does. */
import { configure, overrideSettings } from 'tsango/conf';
import * as models from 'tsango/db/models';
import { Model } from 'tsango/db/models';
import { Context } from 'tsango/template/context';
import { Engine } from 'tsango/template/engine';
import { onEveryDatabase } from '../support/model_tables';

configure({ SECRET_KEY: 'x', USE_TZ: true, TIME_ZONE: 'UTC' });

class Concert extends Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'in_templates' };
  declare static readonly objects: models.Manager<Concert>;
  @models.DateField() declare day: string;
  @models.TimeField({ null: true }) declare doorsOpen: string | null;
  @models.DecimalField({ maxDigits: 8, decimalPlaces: 2 }) declare price: string;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.FileField({ uploadTo: 'posters' }) declare poster: models.FieldFile;
}

const show = (source: string, concert: Concert): unknown =>
  new Engine().fromString(source).render(new Context({ concert }));

onEveryDatabase(
  () => [Concert],
  () => {
    const made = (): Promise<Concert> =>
      Concert.objects.create({
        day: '2026-11-27',
        doorsOpen: '19:30:00',
        price: '1234.50',
        name: '2026-11-27',
      });

    it('are formatted', async () => {
      const concert = await Concert.objects.get({ pk: (await made()).pk });
      expect(
        show('{{ concert.day }}|{{ concert.day|date:"D j.n.Y" }}|{{ concert.doors_open }}', concert),
      ).toBe('Nov. 27, 2026|Fri 27.11.2026|7:30 p.m.');
      expect(
        show('{{ concert.doors_open|time:"H:i" }}|{{ concert.price }}|{{ concert.name }}', concert),
      ).toBe('19:30|1234.50|2026-11-27');
      expect(show('{% if concert.price > 1000 %}dear{% endif %}', concert)).toBe('dear');
      await overrideSettings({ LANGUAGE_CODE: 'de', USE_I18N: true, USE_THOUSAND_SEPARATOR: true }, () => {
        expect(show('{{ concert.price }}', concert)).toBe('1.234,50');
      });
    });

    it('a file is one where there is one', async () => {
      const concert = await made();
      const source = '{% if concert.poster %}{{ concert.poster.name }}{% else %}none{% endif %}';
      expect(show(source, concert)).toBe('none');
      expect(show(source, new Concert({ poster: 'posters/a.png' }))).toBe('posters/a.png');
    });

    it('are text in TypeScript, and nothing where there is nothing', async () => {
      const concert = await made();
      expect([concert.day, concert.price]).toEqual(['2026-11-27', '1234.50']);
      expect(show('{{ concert.doors_open|default_if_none:"-" }}', new Concert({ doorsOpen: null }))).toBe(
        '-',
      );
      expect(show('{{ concert.day }}', new Concert({ day: 'tomorrow' }))).toBe('tomorrow');
    });
  },
);
