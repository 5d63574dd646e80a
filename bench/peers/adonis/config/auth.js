export { default } from '../auth/config.js';
