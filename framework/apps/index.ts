export { AppConfig, type AppConfigClass } from './config';
export { Apps, apps, LookupError } from './registry';
