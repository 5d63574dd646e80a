import { include, path } from 'tsango/urls';

export const urlpatterns = [
  path('', include('pages.urls')),
  path('visits/', include('visits.urls')),
  path('files/', include('files.urls')),
  path('guests/', include('guests.urls')),
  path('records/', include('records.urls')),
];
