export { type Dependencies, Migration, type MigrationClass, swappableDependency } from './migration';
export * from './operations';
