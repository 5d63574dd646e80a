/** The pages of users at Django's addresses: `path('accounts/', include('tsango.contrib.auth.urls'))`. */
import { path } from '../../urls';
import * as views from './views';

export const urlpatterns = [
  path('login/', views.LoginView.asView(), { name: 'login' }),
  path('logout/', views.LogoutView.asView(), { name: 'logout' }),
  path('password_change/', views.PasswordChangeView.asView(), { name: 'password_change' }),
  path('password_change/done/', views.PasswordChangeDoneView.asView(), { name: 'password_change_done' }),
  path('password_reset/', views.PasswordResetView.asView(), { name: 'password_reset' }),
  path('password_reset/done/', views.PasswordResetDoneView.asView(), { name: 'password_reset_done' }),
  path('reset/<uidb64>/<token>/', views.PasswordResetConfirmView.asView(), {
    name: 'password_reset_confirm',
  }),
  path('reset/done/', views.PasswordResetCompleteView.asView(), { name: 'password_reset_complete' }),
];
