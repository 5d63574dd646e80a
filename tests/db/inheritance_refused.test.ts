/** Models that cannot extend what they extend. They are in a file of their own: who looks at all models meets them. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { FieldError } from 'tsango/core/exceptions';
import * as models from 'tsango/db/models';

let restore: () => Promise<void>;
beforeAll(() => {
  apps.reset();
  restore = overrideSettings({ INSTALLED_APPS: [] });
  apps.populate();
});
afterAll(async () => {
  await restore();
  apps.reset();
});

const Meta: models.MetaOptions = { appLabel: 'refused' };

class City extends models.Model {
  static override readonly Meta = Meta;
  @models.CharField({ maxLength: 20 }) declare name: string;
}

it('refuses a field of a name that the parent has', () => {
  class Clash extends City {
    @models.CharField({ maxLength: 5 }) declare name: string;
  }
  expect(() => Clash._meta).toThrow(
    new FieldError(
      "Local field 'name' in class 'Clash' clashes with field of the same name from base class 'City'.",
    ),
  );
});

it('refuses a field of the name of the link', () => {
  class Taken extends City {
    @models.IntegerField() declare cityPtr: number;
  }
  expect(() => Taken._meta).toThrow(
    new FieldError(
      "Auto-generated field 'city_ptr' in class 'Taken' for parent_link to base class 'City' clashes with declared " +
        'field of the same name.',
    ),
  );
});

it('refuses a proxy of no model', () => {
  class Nothing extends models.Model {
    static override readonly Meta: models.MetaOptions = { appLabel: 'refused', proxy: true };
  }
  expect(() => Nothing._meta).toThrow(
    new TypeError("Proxy model 'Nothing' has no non-abstract model base class."),
  );
});
