import * as admin from 'tsango/contrib/admin';
import { include, path } from 'tsango/urls';

export const urlpatterns = [path('polls/', include('polls.urls')), path('admin/', admin.site.urls)];
