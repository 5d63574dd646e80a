/**
 * What middleware puts on a request, told to the compiler. A project names its middleware by strings, so nothing that it
 * imports declares `request.session`; this module stands on top of all and does. It has only types: nothing is loaded.
 *
 * In this repository the compiler sees every file. In the package, the declarations of `tsango/conf`, which every project
 * imports, refer to it (scripts/build.js): conf itself knows no contrib app.
 */
export type {} from './contrib/auth/middleware';
export type {} from './contrib/messages/api';
export type {} from './contrib/sessions';
export type {} from './contrib/sessions/middleware';
export type {} from './contrib/sites/middleware';
