/** The site of the recorded admins with pages of its own. */
import type { AdminSite } from 'tsango/contrib/admin';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import { path, type UrlEntry } from 'tsango/urls';
import type { SitePort } from '../../admin_ports';

export const Admin2: SitePort = {
  ports: ['get_app_list', 'get_urls', 'index', 'my_view', 'password_change'],
  extend: (Base) =>
    class extends Base {
      override index(request: HttpRequest) {
        return super.index(request, { foo: '*bar*' });
      }
      override passwordChange(request: HttpRequest) {
        return super.passwordChange(request, { spam: 'eggs' });
      }
      override getUrls(): UrlEntry[] {
        const view = this.adminView(() => new HttpResponse('Django is a magical pony!'));
        return [path('my_view/', view as never, { name: 'my_view' }), ...super.getUrls()];
      }
      override async getAppList(...args: Parameters<AdminSite['getAppList']>) {
        const apps = (await super.getAppList(...args)).reverse();
        for (const { models } of apps) models.reverse();
        return apps;
      }
    },
};
