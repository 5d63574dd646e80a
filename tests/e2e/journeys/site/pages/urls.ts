import { include, path, rePath } from 'tsango/urls';
import { RedirectView } from 'tsango/views/generic';
import * as errors from './errors';
import * as views from './views';

const scripts = [
  path('form/', views.scripted, { name: 'form' }),
  path('answer/', views.answer, { name: 'answer' }),
  path('bare/', views.bare, { name: 'bare' }),
];

export const urlpatterns = [
  path('', views.home, { name: 'home' }),
  path('articles/<int:year>/<slug:title>/', views.article, { name: 'article' }),
  path('wörter/<str:word>/', views.word, { name: 'word' }),
  rePath('^archive/(?P<code>[a-z]{2}[0-9]+)/$', views.archive, { name: 'archive' }),
  path('old/', RedirectView.asView({ patternName: 'home', permanent: true })),
  path('moved/', views.moved),
  path('ajax/', include([scripts, 'scripts'])),
  path('cached/', views.cached, { name: 'cached' }),
  path('cached/form/', views.cachedForm),
  path('tagged/', views.tagged),
  path('long/', views.long),
  path('fragment/', views.fragment),
  path('framed/<slug:how>/', views.framed),
  path('framing/', views.framing),
  path('nonce/', views.nonce),
  path('sniff/', views.sniff),
  path('builtins/', views.builtins),
  path('errors/<slug:which>/', errors.fail),
];
