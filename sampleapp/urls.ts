import * as admin from 'tsango/contrib/admin';
import { include, path } from 'tsango/urls';
import * as accounts from './accounts';
import * as pages from './pages';
import * as views from './views';

export const urlpatterns = [
  path('', pages.home, { name: 'home' }),
  path('session/<slug:action>/', pages.sessionAction, { name: 'session_action' }),
  path('cookies/', pages.cookies, { name: 'cookies' }),
  path('notes/', pages.addNote, { name: 'add_note' }),
  path('notes/<int:pk>/', accounts.EditNoteView.asView(), { name: 'edit_note' }),
  path('notes/<int:pk>/delete/', accounts.DeleteNoteView.asView(), { name: 'delete_note' }),
  path('admin/', admin.site.urls),
  path('accounts/signup/', accounts.SignUpView.asView(), { name: 'signup' }),
  path('accounts/', include('tsango.contrib.auth.urls')),

  path('set_session/', views.setSession, { name: 'set_session' }),
  path('get_session/', views.getSession, { name: 'get_session' }),
  path('delete_session/', views.deleteSession, { name: 'delete_session' }),
  path('get_session_method/', views.getSessionMethod, { name: 'get_session_method' }),
];
