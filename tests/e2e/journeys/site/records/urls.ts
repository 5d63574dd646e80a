import { path } from 'tsango/urls';
import * as views from './views';

export const appName = 'records';
export const urlpatterns = [
  path('', views.SpecimenList.asView(), { name: 'list' }),
  path('new/', views.CreateSpecimen.asView(), { name: 'new' }),
  path('<int:pk>/', views.SpecimenDetail.asView(), { name: 'detail' }),
  path('<int:pk>/change/', views.UpdateSpecimen.asView(), { name: 'change' }),
  path('<int:pk>/delete/', views.DeleteSpecimen.asView(), { name: 'delete' }),
];
