import * as admin from 'tsango/contrib/admin';
import { path } from 'tsango/urls';
import { ensureCsrfCookie, requireHttpMethods } from 'tsango/views/decorators';
import { TemplateView } from 'tsango/views/generic';
import * as api from './api';

export const urlpatterns = [
  path('', ensureCsrfCookie(TemplateView.asView({ templateName: 'notes/index.html' }))),
  path('api/session/', requireHttpMethods(['GET', 'POST', 'DELETE'])(api.session)),
  path('api/notes/', requireHttpMethods(['GET', 'POST'])(api.notes)),
  path('api/notes/<int:id>/', requireHttpMethods(['PATCH', 'DELETE'])(api.note)),
  path('admin/', admin.site.urls),
];
