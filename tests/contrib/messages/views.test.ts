/** Views that say so when their form was valid. */
import '../../db/settings';
import * as messages from 'tsango/contrib/messages';
import { MessageMiddleware } from 'tsango/contrib/messages/middleware';
import { assertMessages } from 'tsango/contrib/messages/test';
import { SuccessMessageMixin } from 'tsango/contrib/messages/views';
import * as models from 'tsango/db/models';
import * as forms from 'tsango/forms';
import type { HttpRequest } from 'tsango/http';
import { HttpResponse } from 'tsango/http';
import { Client, RequestFactory } from 'tsango/test';
import { path } from 'tsango/urls';
import { DeleteView, FormView } from 'tsango/views/generic';
import { useTables } from '../../support/model_tables';
import { SQLITE_ENGINE } from '../../support/sqlite';

class Thing extends models.Model {
  static override readonly Meta = { appLabel: 'things' };
  declare static readonly objects: models.Manager<Thing>;
  @models.CharField({ maxLength: 100 }) declare name: string;
}

class Contact extends SuccessMessageMixin(FormView) {
  override formClass = forms.form({ name: new forms.CharField(), nickName: new forms.CharField() });
  override successUrl = '/shown/';
  override successMessage = '%(name)s (%(nickName)s) was here, 100%%';
}
class Silent extends Contact {
  override successMessage = '';
}
class Remove extends SuccessMessageMixin(DeleteView<Thing>) {
  override model = Thing;
  override successUrl = '/shown/';
  override successMessage = 'Gone.';
}

const shown = (request: HttpRequest): HttpResponse =>
  new HttpResponse(
    [...messages.getMessages(request)].map(({ tags, message }) => `${tags}: ${message}`).join(),
  );

useTables({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' }, () => [Thing], {
  settings: {
    ALLOWED_HOSTS: ['testserver'],
    MIDDLEWARE: ['django.contrib.messages.middleware.MessageMiddleware'],
    MESSAGE_STORAGE: 'django.contrib.messages.storage.cookie.CookieStorage',
    TEMPLATES: [
      {
        BACKEND: 'django.template.backends.django.DjangoTemplates',
        OPTIONS: { loaders: [['django.template.loaders.locmem.Loader', { 'contact.html': 'again' }]] },
      },
    ],
    ROOT_URLCONF: {
      urlpatterns: [
        path('contact/', Contact.asView({ templateName: 'contact.html' })),
        path('silent/', Silent.asView({ templateName: 'contact.html' })),
        path('remove/<int:pk>/', Remove.asView()),
        path('shown/', shown),
      ],
    },
  },
});

const says = async (page: string, data: object): Promise<string> =>
  (await new Client().post(page, data, { follow: true })).text;

it('a valid form says so, with its values', async () => {
  expect(await says('/contact/', { name: 'Ada <1>', nick_name: 'A%s' })).toBe(
    'success: Ada <1> (A%s) was here, 100%',
  );
});

it('any other says nothing, and neither does a view without a text', async () => {
  expect(await says('/contact/', { name: 'Ada' })).toBe('again');
  expect(await says('/silent/', { name: 'Ada', nick_name: 'A' })).toBe('');
});

it('a row that is deleted is told of', async () => {
  const { pk } = await Thing.objects.create({ name: 'a' });
  expect(await says(`/remove/${pk}/`, {})).toBe('success: Gone.');
  expect(await Thing.objects.count()).toBe(0);
});

it('assertMessages compares levels and texts, in order or in any', async () => {
  const { INFO, Message, SUCCESS } = messages;
  const request = new RequestFactory().get('/');
  new MessageMiddleware(() => new HttpResponse()).processRequest(request);
  messages.success(request, 'one', { extraTags: 'x' });
  messages.info(request, 'two');
  const [one, two] = [new Message(SUCCESS, 'one'), new Message(INFO, 'two')];
  assertMessages({ request }, [one, two]);
  assertMessages({ request }, [two, one], { ordered: false });
  expect(() => assertMessages({ request }, [two, one])).toThrow(
    'The messages are ["25: one","20: two"], not ["20: two","25: one"]',
  );
  expect(() => assertMessages({ request }, [one], { msgPrefix: 'Page' })).toThrow(/^Page: The messages are/);
  expect(() => assertMessages({ request }, [one, new Message(SUCCESS, 'two')], { ordered: false })).toThrow();
  const client = new Client();
  const response = await client.post('/contact/', { name: 'Ada', nick_name: 'A' });
  assertMessages(response, [new Message(SUCCESS, 'Ada (A) was here, 100%')]);
});
