import { path } from 'tsango/urls';
import * as views from './views';

export const appName = 'visits';

export const urlpatterns = [
  path('', views.index, { name: 'index' }),
  path('change/<slug:how>/', views.change, { name: 'change' }),
  path('slow/<slug:key>/', views.slow),
  path('member/', views.member, { name: 'member' }),
  path('say/', views.say, { name: 'say' }),
  path('again/', views.again, { name: 'again' }),
  path('invite/', views.invite, { name: 'invite' }),
  path('invite/<str:token>/', views.accept, { name: 'accept' }),
];
