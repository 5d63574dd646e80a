/** Django: `django.contrib.auth.forms`; https://docs.djangoproject.com/en/5.2/topics/auth/default/#built-in-forms */
export { AuthenticationForm } from './authentication';
export { ReadOnlyPasswordHashField, ReadOnlyPasswordHashWidget, UsernameField } from './fields';
export { AdminPasswordChangeForm, PasswordChangeForm, type SaveOptions, SetPasswordForm } from './passwords';
export { PasswordResetForm, type PasswordResetMail, type PasswordResetOptions } from './reset';
export { AdminUserCreationForm, BaseUserCreationForm, UserChangeForm, UserCreationForm } from './users';
