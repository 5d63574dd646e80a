import * as admin from 'tsango/contrib/admin';
import { path } from 'tsango/urls';
import { csrfExempt, requireGET, requirePOST } from 'tsango/views/decorators';
import { TemplateView } from 'tsango/views/generic';
import * as views from './views';

export const urlpatterns = [
  path('', TemplateView.asView({ templateName: 'dashboard/index.html' })),
  path('stream/', requireGET(views.stream)),
  path('measure/', csrfExempt(requirePOST(views.measure))),
  path('admin/', admin.site.urls),
];
