import { path } from 'tsango/urls';
import * as views from './views';

export const appName = 'guests';

export const urlpatterns = [
  path('', views.index, { name: 'index' }),
  path('<int:pk>/', views.detail, { name: 'detail' }),
  path('party/', views.party, { name: 'party' }),
];
