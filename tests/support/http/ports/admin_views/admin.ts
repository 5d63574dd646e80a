/** What admins of the recorded site do that no description holds: each takes the class of the described one. */
import type { ModelAdmin } from 'tsango/contrib/admin';
import { ActionForm } from 'tsango/contrib/admin/helpers';
import { ValidationError } from 'tsango/core/exceptions';
import { EmailMessage } from 'tsango/core/mail';
import type { Model } from 'tsango/db/models/base';
import { BaseModelFormSet } from 'tsango/forms/models';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import { path, type UrlEntry } from 'tsango/urls';
import type { AdminPort } from '../../admin_ports';

type Anyone = new (...args: never[]) => ModelAdmin<Model>;
type Values = Readonly<Record<string, unknown>>;

const tell = (what: string): Promise<number> =>
  new EmailMessage(
    `Greetings from a ${what} object`,
    `I hereby inform you that some user ${what} me`,
    'from@example.com',
    ['to@example.com'],
  ).send();

const callableYear = (row: Values): unknown => (row as { year?: unknown }).year ?? null;

/** An address more, beside those of every admin. */
function withExtra(Base: Anyone): Anyone {
  return class extends Base {
    override getUrls(): UrlEntry[] {
      const view = this.adminSite.adminView(() => new HttpResponse('{}'));
      return [...super.getUrls(), path('extra.json', view as never, { name: 'article_extra_json' })];
    }
  };
}

export const ArticleAdminWithExtraUrl: AdminPort = {
  ports: ['method:get_urls'],
  extend: withExtra,
};

export const ArticleAdmin: AdminPort = {
  ports: [
    ...['method:get_urls', 'method:changelist_view', 'method:save_model', 'method:delete_model'],
    ...['display:callable_year', 'display:<lambda>', 'form:form'],
  ],
  functions: {
    callable_year: callableYear as never,
    '<lambda>': (row) => (row as unknown as Values)['title'],
  },
  extend: (Base) =>
    class extends withExtra(Base) {
      override changelistView(request: HttpRequest) {
        return super.changelistView(request, { extra_var: 'Hello!' });
      }
      override async deleteModel(request: HttpRequest, obj: Model): Promise<void> {
        await tell('deleted');
        await super.deleteModel(request, obj);
      }
      override async saveModel(...args: Parameters<ModelAdmin<Model>['saveModel']>): Promise<void> {
        await tell('created');
        await super.saveModel(...args);
      }
    },
};

export const ArticleAdmin6: AdminPort = {
  ports: ['display:callable_year'],
  functions: { callable_year: callableYear as never },
};

/** Nobody is alive who is not. */
class BasePersonModelFormSet extends BaseModelFormSet {
  override clean(): void {
    for (const { id, alive } of this.cleanedData as readonly { id?: { name?: string }; alive?: boolean }[]) {
      if (alive && id?.name === 'Grace Hopper') throw new ValidationError('Grace is not a Zombie');
    }
  }
}

export const PersonAdmin: AdminPort = {
  ports: ['method:get_changelist_formset'],
  extend: (Base) =>
    class extends Base {
      override getChangelistFormset(request: HttpRequest) {
        return super.getChangelistFormset(request, { formset: BasePersonModelFormSet });
      }
    },
};

const nameOf = (entry: UrlEntry): string => (entry as { name?: string }).name ?? '';

export const UnchangeableObjectAdmin: AdminPort = {
  ports: ['urls', 'method:get_urls'],
  extend: (Base) =>
    class extends Base {
      override getUrls(): UrlEntry[] {
        return super.getUrls().filter((entry) => nameOf(entry) !== '' && !nameOf(entry).endsWith('_change'));
      }
    },
};

export const ReportAdmin: AdminPort = {
  ports: ['urls', 'method:get_urls'],
  extend: (Base) =>
    class extends Base {
      override getUrls(): UrlEntry[] {
        return [path('extra/', (() => new HttpResponse()) as never, { name: 'cable_extra' })];
      }
    },
};

class MediaActionForm extends ActionForm {
  static Media = { js: ['path/to/media.js'] };
}

export const SubscriberAdmin: AdminPort = {
  ports: ['action_form', 'action:mail_admin', 'method:delete_queryset'],
  extend: (Base) =>
    class extends Base {
      override actionForm = MediaActionForm;
      override actions = ['mail_admin'];
      async mail_admin(): Promise<void> {
        await new EmailMessage(
          'Greetings from a ModelAdmin action',
          'This is the test email from an admin action',
          'from@example.com',
          ['to@example.com'],
        ).send();
      }
    },
};
