export { type Dependencies, Migration, type MigrationClass } from './migration';
export * from './operations';
