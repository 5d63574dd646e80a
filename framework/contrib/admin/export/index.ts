export { exportCsv, exportJson } from './actions';
