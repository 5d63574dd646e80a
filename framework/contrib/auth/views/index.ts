/** Django: `django.contrib.auth.views`; https://docs.djangoproject.com/en/5.2/topics/auth/default/#all-authentication-views */
export { LoginView, LogoutView, logoutThenLogin, redirectToLogin } from './login';
export {
  PasswordChangeDoneView,
  PasswordChangeView,
  PasswordResetCompleteView,
  PasswordResetConfirmView,
  PasswordResetDoneView,
  PasswordResetView,
} from './passwords';
