export { authenticate, forgetLoginFailures } from './authenticate';
export { LoginRefused, TooManyLoginFailures, TooManyLogins } from './exceptions';
export {
  type AuthenticationBackend,
  type Credentials,
  getBackends,
  loadBackend,
  type WithPermOptions,
} from './load';
export {
  BACKEND_SESSION_KEY,
  getUser,
  HASH_SESSION_KEY,
  login,
  logout,
  REDIRECT_FIELD_NAME,
  SESSION_KEY,
  updateSessionAuthHash,
} from './login';
export { getPermissionCodename } from './permission_names';
export { userLockedOut, userLoggedIn, userLoggedOut, userLoginFailed } from './signals';
export { type AuthUser, getUserModel, type UserTypes } from './user_model';
