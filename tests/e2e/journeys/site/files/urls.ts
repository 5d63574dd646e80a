import { path } from 'tsango/urls';
import * as views from './views';

export const appName = 'files';

export const urlpatterns = [
  path('', views.index, { name: 'index' }),
  path('get/<path:name>', views.get, { name: 'get' }),
  path('play/<path:name>', views.play, { name: 'play' }),
  path('raw/', views.raw, { name: 'raw' }),
  path('ticks/', views.ticks, { name: 'ticks' }),
  path('broken/', views.broken),
  path('stopped/', views.stopped),
];
