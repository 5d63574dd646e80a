import { path } from 'tsango/urls';
import * as views from './views';

export const appName = 'polls';

export const urlpatterns = [
  path('', views.IndexView.asView(), { name: 'index' }),
  path('<int:pk>/', views.QuestionView.asView(), { name: 'detail' }),
  path('<int:pk>/results/', views.ResultsView.asView(), { name: 'results' }),
  path('<int:pk>/vote/', views.vote, { name: 'vote' }),
];
